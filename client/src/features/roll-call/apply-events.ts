import type { AttendanceStatus } from "@/components/ui";
import type { RollRow } from "./api/roll";

export type MarkedEvent = {
  id: string;
  training_day_id: number;
  cadet_id: number;
  status: AttendanceStatus;
  occurred_at: string;
  actor_id: number;
};

/** The roll after marks somebody made: the later one of two marks stands, wherever and in whatever order they arrive. */
export function applyMarks(rows: readonly RollRow[], dayId: number, marks: readonly MarkedEvent[]): RollRow[] {
  const latest = new Map<number, MarkedEvent>();
  for (const mark of marks) {
    const known = latest.get(mark.cadet_id);
    if (mark.training_day_id === dayId && (!known || Date.parse(known.occurred_at) <= Date.parse(mark.occurred_at)))
      latest.set(mark.cadet_id, mark);
  }
  return rows.map((row) => {
    const mark = latest.get(row.cadet_id);
    if (!mark || (row.occurred_at && Date.parse(row.occurred_at) > Date.parse(mark.occurred_at))) return row;
    return {
      ...row,
      status: mark.status === "none" ? null : mark.status,
      record_id: mark.id,
      occurred_at: mark.occurred_at,
      marked_by: mark.actor_id,
    };
  });
}
