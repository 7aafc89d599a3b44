import type { ImportAction, ImportRow, ImportSummary } from "./api/imports";

export type RowFilter = "all" | "create" | "update" | "unchanged" | "invalid";

const LEFT_OUT: readonly ImportAction[] = ["invalid", "duplicate"];
const FIRST: Record<ImportAction, number> = { invalid: 0, duplicate: 0, update: 1, create: 1, unchanged: 1, ignored: 2 };

/** The rows of one kind, those that were left out first, then in the order of the file. */
export function rowsOf(rows: readonly ImportRow[], filter: RowFilter): ImportRow[] {
  const wanted = rows.filter((row) =>
    filter === "all" ? true : filter === "invalid" ? LEFT_OUT.includes(row.action) : row.action === filter,
  );
  return wanted.toSorted((a, b) => FIRST[a.action] - FIRST[b.action]);
}

export const leftOut = (summary: ImportSummary): number => summary.invalid + (summary.duplicate ?? 0);
export const toApply = (summary: ImportSummary): number => summary.create + summary.update;
export const rowCount = (summary: ImportSummary): number =>
  Object.values(summary).reduce<number>((sum, count) => sum + (count ?? 0), 0);
