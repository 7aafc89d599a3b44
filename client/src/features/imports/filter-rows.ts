import type { ImportAction, ImportRow, ImportSummary } from "./api/imports";

export type RowFilter = "all" | "create" | "update" | "unchanged" | "conflict" | "invalid";

const LEFT_OUT: readonly ImportAction[] = ["invalid", "duplicate"];
const FIRST: Record<ImportAction, number> = {
  conflict: 0,
  invalid: 1,
  duplicate: 1,
  update: 2,
  create: 2,
  unchanged: 2,
  ignored: 3,
};

/** The rows of one kind: those about which somebody must decide, those that were left out, then the file's own order. */
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
