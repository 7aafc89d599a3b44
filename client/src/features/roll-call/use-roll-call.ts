import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AttendanceStatus } from "@/components/ui";
import { factsOf, type FactOf } from "@/lib/offline/facts";
import { useOfflineQueue, useQueueState } from "@/lib/offline/context";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { common } from "@/messages/common";
import { rollKey, useRoll, type RollDay, type RollFilter, type RollRow } from "./api/roll";
import { applyMarks, type MarkedEvent } from "./apply-events";

export type Shown = RollRow & { shown: AttendanceStatus; waiting: boolean; refused: string | null };
export type Wanted = { cadet_id: number; status: AttendanceStatus };
type Step = { before: Wanted[]; what: string };

const eventOf = ({ id, owner, body }: FactOf<"attendance">): MarkedEvent => ({
  ...{ id, training_day_id: body.training_day_id, cadet_id: body.cadet_id, occurred_at: body.occurred_at, actor_id: owner },
  ordered_at: body.occurred_at,
  status: body.status as AttendanceStatus,
});

/** The rows as they will be once everything that is on its way has arrived. */
export function laidOver(
  rows: readonly RollRow[],
  dayId: number,
  queue: Record<"waiting" | "refused" | "arrived", readonly FactOf<"attendance">[]>,
): Shown[] {
  const ofDay = (facts: readonly FactOf<"attendance">[]) => facts.filter((fact) => fact.body.training_day_id === dayId);
  const waiting = new Map(ofDay(queue.waiting).map((fact) => [fact.body.cadet_id, fact.body.status as AttendanceStatus]));
  const refused = new Map(ofDay(queue.refused).map((fact) => [fact.body.cadet_id, fact.refusal!.message]));
  return applyMarks(rows, dayId, queue.arrived.map(eventOf)).map((row) => ({
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

  const put = (wanted: readonly Wanted[]) =>
    void queue.add(
      wanted.map(({ cadet_id, status }) => ({
        kind: "attendance",
        body: { training_day_id: day.id, cadet_id, status },
        about: {
          who: rowOf(cadet_id)?.name ?? "",
          what: common.status[status],
          where: day.title,
          to: `${window.location.pathname}${window.location.search}`,
        },
      })),
    );
  const mark = (wanted: readonly Wanted[], what: string) => {
    const before = wanted.map(({ cadet_id }) => ({ cadet_id, status: rowOf(cadet_id)?.shown ?? ("none" as const) }));
    setSteps((now) => [...now, { before, what }]);
    put(wanted);
  };
  const undo = () => {
    const last = steps.at(-1);
    if (!last) return;
    setSteps(steps.slice(0, -1));
    put(last.before);
  };
  return { query, rows, mark, undo, lastStep: steps.at(-1)?.what, state, flush: queue.flush };
}
