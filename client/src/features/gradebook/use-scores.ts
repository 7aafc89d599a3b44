import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Page } from "@/lib/api-client";
import { messageOf } from "@/lib/error-words";
import { gradebookKey, newScore, sendScores, type GradebookFilter, type GradebookRow, type Score } from "./api/gradebook";
import { applyGrades } from "./apply-events";

export type Cell = { state: "saving" | "failed"; value: string | null; why?: string };
type Step = { cadetId: number; exam: string; before: string | null };

export const cellKey = (cadetId: number, exam: string) => `${cadetId}:${exam}`;

/** Typed scores on their way: each cell tells its own state, a refused value stays in sight with its reason. */
export function useScores(filter: GradebookFilter) {
  const queries = useQueryClient();
  const [cells, setCells] = useState<ReadonlyMap<string, Cell>>(new Map());
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [savedAt, setSavedAt] = useState<number | null>(null);

  const setCell = (key: string, cell: Cell | null) =>
    setCells((now) => {
      const next = new Map(now);
      if (cell) next.set(key, cell);
      else next.delete(key);
      return next;
    });
  const take = (rows: readonly GradebookRow[]) =>
    queries.setQueryData<Page<GradebookRow>>(gradebookKey(filter), (page) => (page ? applyGrades(page, rows) : page));

  const send = async (score: Score) => {
    const key = cellKey(score.cadet_id, score.exam);
    setCell(key, { state: "saving", value: score.value });
    try {
      const result = await sendScores([score]);
      const refusal = result.rejected.find((one) => one.id === score.id);
      if (refusal) return setCell(key, { state: "failed", value: score.value, why: refusal.message });
      take(result.grades);
      setCell(key, null);
      setSavedAt(Date.now());
    } catch (error) {
      setCell(key, { state: "failed", value: score.value, why: messageOf(error) });
    }
  };
  const save = (row: GradebookRow, exam: string, value: string | null) => {
    setSteps((now) => [...now, { cadetId: row.cadet_id, exam, before: row.scores[exam] ?? null }]);
    void send(newScore(Number(filter.term_id), exam, row.cadet_id, value));
  };
  const undo = () => {
    const last = steps.at(-1);
    if (!last) return;
    setSteps(steps.slice(0, -1));
    void send(newScore(Number(filter.term_id), last.exam, last.cadetId, last.before));
  };
  const putBack = (cadetId: number, exam: string) => setCell(cellKey(cadetId, exam), null);
  const counts = {
    saving: [...cells.values()].filter((cell) => cell.state === "saving").length,
    failed: [...cells.values()].filter((cell) => cell.state === "failed").length,
  };
  return { cells, counts, savedAt, canUndo: steps.length > 0, save, undo, putBack, take };
}

export type Scores = ReturnType<typeof useScores>;

/** A number of the policy: "100", or an exact fraction such as "100/3". */
export const numberOf = (exact: string): number => {
  const [above = "", below = "1"] = exact.split("/");
  return Number(above) / Number(below);
};

/** The same for reading, with two decimals where it needs them. */
export const shortNumber = (exact: string): string => String(Math.round(numberOf(exact) * 100) / 100);

/** "85", "85.5", "85.25"; blank clears; anything else is wrong. */
export function readScore(text: string, max: string): { value: string | null } | null {
  const trimmed = text.trim();
  if (trimmed === "") return { value: null };
  return /^\d{1,5}(\.\d{1,2})?$/.test(trimmed) && Number(trimmed) <= numberOf(max) ? { value: trimmed } : null;
}
