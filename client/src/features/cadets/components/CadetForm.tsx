import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { choicesOf } from "@/lib/choices";
import { messageOf } from "@/lib/error-words";
import { unitNames, useUnits } from "@/lib/units";
import { cadets as words } from "@/messages/cadets";
import { common } from "@/messages/common";
import { CADET_COURSES, CADET_RANKS, CADET_STATUSES, FIRST_STATUS, GENDERS, SEMESTERS, YEAR_LEVELS } from "@/types/domain";
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
const WORDS: Partial<Record<Field, readonly string[]>> = {
  cadet_course: CADET_COURSES,
  year_level: YEAR_LEVELS,
  semester: SEMESTERS,
  gender: GENDERS,
  status: CADET_STATUSES,
  rank: CADET_RANKS,
};
const NEEDED: readonly Field[] = ["student_id", "last_name", "first_name"];
const TYPES: Partial<Record<Field, string>> = { email: "email", contact_number: "tel", birthdate: "date" };

const blank = (cadet?: Cadet): Values =>
  Object.fromEntries(FIELDS.map((field) => [field, cadet?.[field] ?? (field === "status" ? FIRST_STATUS : "")])) as Values;

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
  const units = useUnits();
  const names = unitNames(units.data ?? [], { company: form.values.company, which: "given" });
  const control = (field: Field) => {
    const choices = field === "company" ? names.companies : field === "platoon" ? names.platoons : WORDS[field];
    const shared = { label: words.fields[field] ?? field, ...form.text(field) };
    if (!choices) return <TextField key={field} {...shared} type={TYPES[field] ?? "text"} optional={!NEEDED.includes(field)} />;
    const held = form.values[field] || cadet?.[field] || "";
    return <Select key={field} {...shared} placeholder={words.pickOne} choices={choicesOf(choices, held)} />;
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
        <FormError>{form.formError ?? (units.error ? messageOf(units.error) : null)}</FormError>
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
