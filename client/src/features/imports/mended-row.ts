import type { ImportRow } from "./api/imports";

// What a row most often lacks; whatever else the file gives of it is offered too.
const USUAL = ["student_id", "last_name", "first_name", "middle_name", "email", "company", "platoon"];

/** The fields of a row to mend: the usual ones, then the others that have something. A full name stands for its parts. */
export function fieldsOf(row: ImportRow): string[] {
  const given = row.given ?? {};
  const whole = Boolean(given.full_name) && !given.last_name && !given.first_name;
  const usual = whole ? ["full_name", ...USUAL.filter((name) => !name.endsWith("_name"))] : USUAL;
  return [...usual, ...Object.keys(given).filter((name) => !usual.includes(name) && (whole || name !== "full_name"))];
}

/** What is sent: the cells that differ from the file, those mended before included, since they replace one another whole. */
export function valuesToSend(row: ImportRow, values: Record<string, string>): Record<string, string> {
  const given = row.given ?? {};
  const mended = new Set(row.mended);
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => mended.has(name) || value.trim() !== (given[name] ?? "")),
  );
}
