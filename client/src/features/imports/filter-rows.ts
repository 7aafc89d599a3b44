import type { ImportAction, ImportRow, ImportSummary } from "./api/imports";

export type RowFilter = "all" | "create" | "update" | "unchanged" | "conflict" | "invalid" | "ignored";

const REFUSED: readonly ImportAction[] = ["invalid", "duplicate"];
const NOT_READ: readonly ImportAction[] = ["ignored", "left_out"];
const FIRST: Record<ImportAction, number> = {
  conflict: 0,
  invalid: 1,
  duplicate: 1,
  update: 2,
  create: 2,
  unchanged: 2,
  left_out: 3,
  ignored: 4,
};

/** Whether a row describes a cadet who is not imported although nobody said so. */
export const isRefused = (row: Pick<ImportRow, "action">): boolean => REFUSED.includes(row.action);

const KIND: Record<RowFilter, (row: ImportRow) => boolean> = {
  all: () => true,
  create: (row) => row.action === "create",
  update: (row) => row.action === "update",
  unchanged: (row) => row.action === "unchanged",
  conflict: (row) => row.action === "conflict",
  invalid: isRefused,
  ignored: (row) => NOT_READ.includes(row.action),
};

/** The rows of one kind: those about which somebody must decide, those that are refused, then the file's own order. */
export function rowsOf(rows: readonly ImportRow[], filter: RowFilter): ImportRow[] {
  return rows.filter(KIND[filter]).toSorted((a, b) => FIRST[a.action] - FIRST[b.action]);
}

export const refusedCount = (summary: ImportSummary): number => summary.invalid + (summary.duplicate ?? 0);
export const notReadCount = (summary: ImportSummary): number => (summary.ignored ?? 0) + (summary.left_out ?? 0);
export const toApply = (summary: ImportSummary): number => summary.create + summary.update;
export const rowCount = (summary: ImportSummary): number =>
  Object.values(summary).reduce<number>((sum, count) => sum + (count ?? 0), 0);
