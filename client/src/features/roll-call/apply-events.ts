import type { AttendanceStatus } from "@/components/ui";
import type { RollRow } from "./api/roll";

export type MarkedEvent = {
  id: string;
  training_day_id: number;
  cadet_id: number;
  status: AttendanceStatus;
  occurred_at: string;
  ordered_at: string;
  actor_id: number;
};

/** The roll after marks somebody made: the later one of two marks in their order stands, in whatever order they arrive. */
export function applyMarks(rows: readonly RollRow[], dayId: number, marks: readonly MarkedEvent[]): RollRow[] {
  const latest = new Map<number, MarkedEvent>();
  for (const mark of marks) {
    const known = latest.get(mark.cadet_id);
    if (mark.training_day_id === dayId && (!known || Date.parse(known.ordered_at) <= Date.parse(mark.ordered_at)))
      latest.set(mark.cadet_id, mark);
  }
  return rows.map((row) => {
    const mark = latest.get(row.cadet_id);
    if (!mark || (row.ordered_at && Date.parse(row.ordered_at) > Date.parse(mark.ordered_at))) return row;
    return {
      ...row,
      status: mark.status === "none" ? null : mark.status,
      record_id: mark.id,
      occurred_at: mark.occurred_at,
      ordered_at: mark.ordered_at,
      based_on: mark.id,
      marked_by: mark.actor_id,
    };
  });
}
