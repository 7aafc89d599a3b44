import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { choicesOf } from "@/lib/choices";
import { todayInManila } from "@/lib/format";
import { common } from "@/messages/common";
import { terms as words } from "@/messages/terms";
import { CADET_COURSES, SEMESTERS } from "@/types/domain";
import { useChangeTerm, useCreateTerm, type NewTerm, type Term } from "../api/terms";

/** The school year that `day` falls into: it begins in August. */
const schoolYear = (day: string): string => {
  const year = Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < 8 ? 1 : 0);
  return `${year}-${year + 1}`;
};

type Props = { term?: Term; onClose: () => void; onSaved: (term: Term) => void };

const FIELDS = ["name", "school_year", "semester", "starts_on", "ends_on", "cadet_course"] as const;
type Values = Record<(typeof FIELDS)[number], string>;

const valuesOf = (term: Term): Values => Object.fromEntries(FIELDS.map((field) => [field, term[field] ?? ""])) as Values;

/** What differs from the stored term; no course is every course. */
const changesOf = (values: Values, term: Term) =>
  Object.fromEntries(
    FIELDS.filter((field) => values[field] !== (term[field] ?? "")).map((field) => [field, values[field] || null]),
  ) as Partial<NewTerm>;

/** A new term, or the name and dates of one that exists; its policy stays. */
export function TermForm({ term, ...props }: Props) {
  return term ? <EditTerm term={term} {...props} /> : <NewTermForm {...props} />;
}

function EditTerm({ term, onClose, onSaved }: Props & { term: Term }) {
  const change = useChangeTerm(term);
  return (
    <Form
      initial={valuesOf(term)}
      title={words.editTermTitle(term.name)}
      action={words.editTermDo}
      save={(values) => change.mutateAsync(changesOf(values, term))}
      onClose={onClose}
      onSaved={onSaved}
    />
  );
}

function NewTermForm({ onClose, onSaved }: Props) {
  const create = useCreateTerm();
  const today = todayInManila();
  return (
    <Form
      initial={{
        name: "",
        school_year: schoolYear(today),
        semester: SEMESTERS[0],
        starts_on: today,
        ends_on: "",
        cadet_course: "",
      }}
      title={words.addTitle}
      action={words.addDo}
      save={(values) => create.mutateAsync({ ...values, cadet_course: values.cadet_course || null })}
      onClose={onClose}
      onSaved={onSaved}
    />
  );
}

type FormProps = Omit<Props, "term"> & {
  initial: Values;
  title: string;
  action: string;
  save: (values: Values) => Promise<Term>;
};

function Form({ initial, title, action, save, onClose, onSaved }: FormProps) {
  const form = useForm({
    initial,
    validate: (values) => {
      const errors: Partial<Record<keyof typeof values, string>> = {};
      for (const field of ["name", "school_year", "starts_on", "ends_on"] as const)
        if (!values[field].trim()) errors[field] = words.needed;
      if (values.starts_on && values.ends_on && values.ends_on < values.starts_on) errors.ends_on = words.order;
      return errors;
    },
    submit: save,
    onDone: onSaved,
    explain: (error) => (error.status === 412 ? words.staleTerm : undefined),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="term-form" look="primary" busy={form.busy}>
            {action}
          </Button>
        </>
      }
    >
      <form id="term-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <TextField label={words.fields.name} hint={words.nameHint} autoFocus {...form.text("name")} />
        <TextField label={words.fields.school_year} {...form.text("school_year")} />
        <Select label={words.fields.semester} choices={choicesOf(SEMESTERS, initial.semester)} {...form.text("semester")} />
        <Select
          label={words.fields.cadet_course}
          placeholder={words.everyCourse}
          choices={choicesOf(CADET_COURSES, initial.cadet_course)}
          {...form.text("cadet_course")}
        />
        <TextField label={words.fields.starts_on} type="date" {...form.text("starts_on")} />
        <TextField label={words.fields.ends_on} type="date" {...form.text("ends_on")} />
      </form>
    </Dialog>
  );
}
