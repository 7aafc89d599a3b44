import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { cadetChoices, cadets as words } from "@/messages/cadets";
import { common } from "@/messages/common";
import { nameOf, useSaveCadet, type Cadet } from "../api/cadets";
import styles from "./cadets.module.css";

const FIELDS = [
  "student_id",
  "username",
  "rank",
  "first_name",
  "middle_name",
  "last_name",
  "suffix_name",
  "gender",
  "birthdate",
  "religion",
  "company",
  "platoon",
  "cadet_course",
  "battalion",
  "corp_position",
  "status",
  "course",
  "year_level",
  "school_year",
  "semester",
  "email",
  "contact_number",
  "address",
] as const;
type Field = (typeof FIELDS)[number];
type Values = Record<Field, string>;

const SECTIONS: [keyof typeof words.sections, Field[]][] = [
  [
    "person",
    ["student_id", "username", "last_name", "first_name", "middle_name", "suffix_name", "gender", "birthdate", "religion"],
  ],
  ["unit", ["rank", "company", "platoon", "cadet_course", "battalion", "corp_position", "status"]],
  ["school", ["course", "year_level", "school_year", "semester"]],
  ["contact", ["email", "contact_number", "address"]],
];
const CHOICES: Partial<Record<Field, readonly string[]>> = {
  company: cadetChoices.companies,
  platoon: cadetChoices.platoons,
  cadet_course: cadetChoices.cadetCourses,
  year_level: cadetChoices.yearLevels,
  semester: cadetChoices.semesters,
  gender: cadetChoices.genders,
  status: cadetChoices.statuses,
  rank: cadetChoices.ranks,
};
const NEEDED: readonly Field[] = ["student_id", "last_name", "first_name"];
const TYPES: Partial<Record<Field, string>> = { email: "email", contact_number: "tel", birthdate: "date" };

const blank = (cadet?: Cadet): Values =>
  Object.fromEntries(FIELDS.map((field) => [field, cadet?.[field] ?? (field === "status" ? "Ongoing" : "")])) as Values;

/** What differs from the stored cadet; a blank field is nothing. */
function changed(values: Values, cadet?: Cadet): Partial<Cadet> {
  const entries = FIELDS.filter((field) => values[field] !== (cadet?.[field] ?? "")).map((field) => [
    field,
    values[field].trim() || null,
  ]);
  return Object.fromEntries(entries) as Partial<Cadet>;
}

type Props = { cadet?: Cadet; onClose: () => void; onSaved: (cadet: Cadet) => void };

export function CadetForm({ cadet, onClose, onSaved }: Props) {
  const save = useSaveCadet(cadet);
  const form = useForm({
    initial: blank(cadet),
    validate: (values) =>
      Object.fromEntries(NEEDED.filter((field) => !values[field].trim()).map((field) => [field, words.needed])),
    submit: (values) => save.mutateAsync(changed(values, cadet)),
    onDone: onSaved,
    explain: (error) => (error.status === 412 ? words.stale : undefined),
  });
  const control = (field: Field) => {
    const choices = CHOICES[field];
    const shared = { label: words.fields[field] ?? field, ...form.text(field) };
    if (!choices) return <TextField key={field} {...shared} type={TYPES[field] ?? "text"} optional={!NEEDED.includes(field)} />;
    // An older record may hold a word that is no longer on the list.
    const known = !form.values[field] || choices.includes(form.values[field]) ? choices : [form.values[field], ...choices];
    return (
      <Select key={field} {...shared} placeholder={words.pickOne} choices={known.map((value) => ({ value, label: value }))} />
    );
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={cadet ? words.editTitle(nameOf(cadet)) : words.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="cadet-form" look="primary" busy={form.busy}>
            {cadet ? words.saveDo : words.addDo}
          </Button>
        </>
      }
    >
      <form id="cadet-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        {SECTIONS.map(([section, fields]) => (
          <fieldset key={section} className={styles.section}>
            <legend className="strong">{words.sections[section]}</legend>
            <div className={styles.fields}>{fields.map(control)}</div>
          </fieldset>
        ))}
      </form>
    </Dialog>
  );
}
