import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useToast, type AttendanceStatus } from "@/components/ui";
import { formatTime } from "@/lib/format";
import { factsOf, type FactOf } from "@/lib/offline/facts";
import { useArrivals, useOfflineQueue, useQueueState } from "@/lib/offline/context";
import { otherIn } from "@/lib/offline/sender";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { common } from "@/messages/common";
import { rollCall as words } from "@/messages/roll-call";
import { rollKey, useRoll, type RollDay, type RollFilter, type RollRow } from "./api/roll";
import { applyMarks, type MarkedEvent } from "./apply-events";

export type Shown = RollRow & { shown: AttendanceStatus; waiting: boolean; refused: string | null };
export type Wanted = { cadet_id: number; status: AttendanceStatus };
type Step = { before: Wanted[]; what: string };

/** A mark that arrived, on the row as it was read. It stands behind what its writer saw there, whatever the clock of the device says. */
function eventOn(row: RollRow, fact: FactOf<"attendance"> | undefined): MarkedEvent[] {
  if (!fact) return [];
  const { training_day_id, cadet_id, occurred_at, based_on } = fact.body;
  const seen = based_on !== undefined && based_on === row.based_on && row.ordered_at !== null;
  const ordered_at = seen && row.ordered_at! > occurred_at ? row.ordered_at! : occurred_at;
  const status = fact.body.status as AttendanceStatus;
  return [{ id: fact.id, training_day_id, cadet_id, status, occurred_at, ordered_at, actor_id: fact.owner }];
}

/** The rows as they will be once everything that is on its way has arrived. */
export function laidOver(
  rows: readonly RollRow[],
  dayId: number,
  queue: Record<"waiting" | "refused" | "arrived", readonly FactOf<"attendance">[]>,
): Shown[] {
  const ofDay = (facts: readonly FactOf<"attendance">[]) => facts.filter((fact) => fact.body.training_day_id === dayId);
  const waiting = new Map(ofDay(queue.waiting).map((fact) => [fact.body.cadet_id, fact.body.status as AttendanceStatus]));
  const refused = new Map(ofDay(queue.refused).map((fact) => [fact.body.cadet_id, fact.refusal!.message]));
  const arrived = new Map(ofDay(queue.arrived).map((fact) => [fact.body.cadet_id, fact]));
  const events = rows.flatMap((row) => eventOn(row, arrived.get(row.cadet_id)));
  return applyMarks(rows, dayId, events).map((row) => ({
    ...row,
    shown: waiting.get(row.cadet_id) ?? row.status ?? "none",
    waiting: waiting.has(row.cadet_id),
    refused: refused.get(row.cadet_id) ?? null,
  }));
}

/** The roll with what is on its way laid over it, marking, and undo. */
export function useRollCall(day: RollDay, filter: RollFilter) {
  const queue = useOfflineQueue();
  const state = useQueueState();
  const queries = useQueryClient();
  const toast = useToast();
  const dayId = String(day.id);
  const query = useRoll(dayId, filter);
  const [steps, setSteps] = useState<Step[]>([]);

  const patch = (marks: readonly MarkedEvent[]) =>
    queries.setQueryData<RollRow[]>(rollKey(dayId, filter), (rows) => (rows ? applyMarks(rows, day.id, marks) : rows));
  useRealtimeEvents(["grading.attendance.marked"], (frame) => patch((frame.data as { marks?: MarkedEvent[] }).marks ?? []));

  const marks = {
    waiting: factsOf(state.waiting, "attendance"),
    refused: factsOf(state.refused, "attendance"),
    arrived: factsOf(state.arrived, "attendance"),
  };
  const rows = laidOver(query.data ?? [], day.id, marks);
  const rowOf = (cadetId: number) => rows.find((row) => row.cadet_id === cadetId);

  // Two sergeants, one cadet: the later mark stands, and whoever made it hears what it took the place of.
  useArrivals("attendance", ({ facts, effects }) => {
    for (const effect of effects) {
      const [fact, before] = [facts.find((one) => one.id === effect.id), otherIn(effect.replaced)];
      if (!fact || !before) continue;
      const was = common.status[(before.status ?? "none") as AttendanceStatus];
      toast({ message: words.replaced(fact.about.who, fact.about.what, was, formatTime(before.occurred_at)), tone: "wait" });
    }
  });
  /** What stands there as this is marked: the last of what this person marked and the server will have by then, or the row. */
  const seenBy = (cadetId: number) => {
    const own = (facts: readonly FactOf<"attendance">[]) =>
      facts.filter((fact) => fact.body.training_day_id === day.id && fact.body.cadet_id === cadetId).at(-1);
    const current = own(marks.refused)?.refusal?.current;
    if (current) return { supersedes: current.record_id };
    const before = own(marks.waiting) ?? own(marks.arrived);
    return { based_on: before?.id ?? rowOf(cadetId)?.based_on ?? null };
  };
  const put = async (wanted: readonly Wanted[]) => {
    await queue.add(
      wanted.map(({ cadet_id, status }) => ({
        kind: "attendance",
        body: { training_day_id: day.id, cadet_id, status, ...seenBy(cadet_id) },
        about: {
          who: rowOf(cadet_id)?.name ?? "",
          what: common.status[status],
          where: day.title,
          to: `${window.location.pathname}${window.location.search}`,
        },
      })),
    );
    // Whoever marks again has decided about what did not stand.
    const ofDay = marks.refused.filter((fact) => fact.body.training_day_id === day.id);
    await queue.discard(ofDay.filter((fact) => wanted.some((one) => one.cadet_id === fact.body.cadet_id)));
  };
  const mark = (wanted: readonly Wanted[], what: string) => {
    const before = wanted.map(({ cadet_id }) => ({ cadet_id, status: rowOf(cadet_id)?.shown ?? ("none" as const) }));
    setSteps((now) => [...now, { before, what }]);
    void put(wanted);
  };
  const undo = () => {
    const last = steps.at(-1);
    if (!last) return;
    setSteps(steps.slice(0, -1));
    void put(last.before);
  };
  return { query, rows, mark, undo, lastStep: steps.at(-1)?.what, state, flush: queue.flush };
}
