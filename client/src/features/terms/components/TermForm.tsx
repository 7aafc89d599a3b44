import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { choicesOf } from "@/lib/choices";
import { todayInManila } from "@/lib/format";
import { common } from "@/messages/common";
import { terms as words } from "@/messages/terms";
import { CADET_COURSES, SEMESTERS } from "@/types/domain";
import { useCreateTerm, type Term } from "../api/terms";

/** The school year that `day` falls into: it begins in August. */
const schoolYear = (day: string): string => {
  const year = Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < 8 ? 1 : 0);
  return `${year}-${year + 1}`;
};

export function TermForm({ onClose, onSaved }: { onClose: () => void; onSaved: (term: Term) => void }) {
  const create = useCreateTerm();
  const today = todayInManila();
  const form = useForm({
    initial: {
      name: "",
      school_year: schoolYear(today),
      semester: SEMESTERS[0] as string,
      starts_on: today,
      ends_on: "",
      cadet_course: "",
    },
    validate: (values) => {
      const errors: Partial<Record<keyof typeof values, string>> = {};
      for (const field of ["name", "school_year", "starts_on", "ends_on"] as const)
        if (!values[field].trim()) errors[field] = words.needed;
      if (values.starts_on && values.ends_on && values.ends_on < values.starts_on) errors.ends_on = words.order;
      return errors;
    },
    submit: (values) => create.mutateAsync({ ...values, cadet_course: values.cadet_course || null }),
    onDone: onSaved,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="term-form" look="primary" busy={form.busy}>
            {words.addDo}
          </Button>
        </>
      }
    >
      <form id="term-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <TextField label={words.fields.name} hint={words.nameHint} autoFocus {...form.text("name")} />
        <TextField label={words.fields.school_year} {...form.text("school_year")} />
        <Select label={words.fields.semester} choices={choicesOf(SEMESTERS)} {...form.text("semester")} />
        <Select
          label={words.fields.cadet_course}
          placeholder={words.everyCourse}
          choices={choicesOf(CADET_COURSES)}
          {...form.text("cadet_course")}
        />
        <TextField label={words.fields.starts_on} type="date" {...form.text("starts_on")} />
        <TextField label={words.fields.ends_on} type="date" {...form.text("ends_on")} />
      </form>
    </Dialog>
  );
}
