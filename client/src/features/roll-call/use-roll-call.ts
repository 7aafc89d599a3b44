import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { AttendanceStatus } from "@/components/ui";
import { useUser } from "@/lib/auth";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { rollKey, sendMarks, useRoll, type RollFilter, type RollRow } from "./api/roll";
import { applyMarks, type MarkedEvent } from "./apply-events";
import { MarkQueue, pendingStatus } from "./mark-queue";

export type Shown = RollRow & { shown: AttendanceStatus; waiting: boolean };
type Step = { before: { cadet_id: number; status: AttendanceStatus }[]; what: string };

// One queue per person and page life: leaving the roll must not stop what is still on its way.
const queues = new Map<number, MarkQueue>();
function queueOf(userId: number): MarkQueue {
  const known = queues.get(userId) ?? new MarkQueue(userId, sendMarks);
  queues.set(userId, known);
  return known;
}

/** The roll with what waits laid over it, marking, and undo. */
export function useRollCall(dayId: string, filter: RollFilter) {
  const { id: userId } = useUser();
  const queue = useMemo(() => queueOf(userId), [userId]);
  const state = useSyncExternalStore(queue.subscribe, queue.snapshot);
  const queries = useQueryClient();
  const query = useRoll(dayId, filter);
  const [steps, setSteps] = useState<Step[]>([]);
  const day = Number(dayId);

  useEffect(() => {
    const flush = () => void queue.flush();
    flush();
    window.addEventListener("online", flush);
    return () => window.removeEventListener("online", flush);
  }, [queue]);

  const patch = (marks: readonly MarkedEvent[]) =>
    queries.setQueryData<RollRow[]>(rollKey(dayId, filter), (rows) => (rows ? applyMarks(rows, day, marks) : rows));
  useRealtimeEvents(["grading.attendance.marked"], (frame) => patch((frame.data as { marks?: MarkedEvent[] }).marks ?? []));

  const pending = pendingStatus(state.waiting, day);
  const rows: Shown[] = (query.data ?? []).map((row) => ({
    ...row,
    shown: pending.get(row.cadet_id) ?? row.status ?? "none",
    waiting: pending.has(row.cadet_id),
  }));

  const put = (wanted: { cadet_id: number; status: AttendanceStatus }[]) => {
    queue.add(day, wanted);
    // What was tapped stands on this screen at once; the strip says whether the server has it.
    const sent = queue
      .snapshot()
      .waiting.filter((mark) => mark.training_day_id === day && wanted.some((one) => one.cadet_id === mark.cadet_id));
    patch(sent.map((mark) => ({ ...mark, actor_id: userId })));
  };
  const mark = (wanted: { cadet_id: number; status: AttendanceStatus }[], what: string) => {
    const before = wanted.map((one) => ({
      cadet_id: one.cadet_id,
      status: rows.find((row) => row.cadet_id === one.cadet_id)?.shown ?? "none",
    }));
    setSteps((now) => [...now, { before, what }]);
    put(wanted);
  };
  const undo = () => {
    const last = steps.at(-1);
    if (!last) return;
    setSteps(steps.slice(0, -1));
    put(last.before);
  };
  const putAwayRefused = () => {
    queue.dismissRefused();
    void query.refetch();
  };
  return { query, rows, mark, undo, lastStep: steps.at(-1)?.what, state, flush: queue.flush, putAwayRefused };
}
