import type { Page } from "@/lib/api-client";
import type { GradebookRow } from "./api/gradebook";

/** The page after grades changed somewhere: newer versions replace, nothing re-sorts, and a row of another page stays away. */
export function applyGrades(page: Page<GradebookRow>, rows: readonly GradebookRow[]): Page<GradebookRow> {
  const newer = new Map(rows.map((row) => [row.cadet_id, row]));
  let changed = false;
  const data = page.data.map((row) => {
    const next = newer.get(row.cadet_id);
    if (!next || next.version <= row.version) return row;
    changed = true;
    return { ...row, ...next };
  });
  return changed ? { ...page, data } : page;
}
