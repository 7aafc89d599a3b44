import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useToast } from "@/components/ui";
import type { Page } from "@/lib/api-client";
import { factsOf, type Draft, type FactOf, type OtherRecord } from "@/lib/offline/facts";
import { useArrivals, useOfflineQueue, useQueueState } from "@/lib/offline/context";
import { gradebook as words } from "@/messages/gradebook";
import { gradebookKey, type Exam, type GradebookFilter, type GradebookRow } from "./api/gradebook";
import { applyGrades } from "./apply-events";
import { readPasted, readScore, shortNumber } from "./read-score";

/** A score that is not yet, or not, what the server has. `value` is what was typed where that is no score at all. */
export type Cell = {
  state: "waiting" | "arrived" | "failed" | "wrong";
  value: string | null;
  why?: string;
  /** What somebody else typed into this cell meanwhile: it stands until this person decides. */
  theirs?: OtherRecord;
};
type Change = { row: GradebookRow; exam: Exam; value: string | null };

export const cellKey = (cadetId: number, exam: string) => `${cadetId}:${exam}`;
const keyOf = ({ body }: FactOf<"score">) => cellKey(body.cadet_id, body.exam);

/** Typed scores on their way: each cell tells its own state, and what was refused stays in sight with its reason. */
export function useScores(filter: GradebookFilter) {
  const queries = useQueryClient();
  const queue = useOfflineQueue();
  const state = useQueueState();
  const toast = useToast();
  const termId = Number(filter.term_id);
  const [wrong, setWrong] = useState<ReadonlyMap<string, Cell>>(new Map());
  const [steps, setSteps] = useState<readonly Change[][]>([]);

  const ofTerm = (facts: typeof state.waiting) => factsOf(facts, "score").filter((fact) => fact.body.term_id === termId);
  const waiting = ofTerm(state.waiting);
  const refused = ofTerm(state.refused);
  const cells = new Map<string, Cell>();
  for (const fact of ofTerm(state.arrived)) cells.set(keyOf(fact), { state: "arrived", value: fact.body.value });
  for (const fact of refused) {
    const { message, current: theirs } = fact.refusal!;
    cells.set(keyOf(fact), { state: "failed", value: fact.body.value, why: message, ...(theirs && { theirs }) });
  }
  for (const fact of waiting) cells.set(keyOf(fact), { state: "waiting", value: fact.body.value });
  for (const [key, cell] of wrong) cells.set(key, cell);

  const take = (rows: readonly GradebookRow[]) =>
    queries.setQueryData<Page<GradebookRow>>(gradebookKey(filter), (page) =>
      page
        ? applyGrades(
            page,
            rows.filter((row) => row.term_id === termId),
          )
        : page,
    );
  useArrivals("score", ({ grades }) => take(grades as readonly GradebookRow[]));

  const markWrong = (row: GradebookRow, exam: Exam, typed: string | null) =>
    setWrong((now) => {
      const next = new Map(now);
      const key = cellKey(row.cadet_id, exam.exam);
      if (typed === null) next.delete(key);
      else next.set(key, { state: "wrong", value: typed, why: words.scoreWrong(shortNumber(exam.max)) });
      return next;
    });
  const shownIn = (row: GradebookRow, exam: Exam): string | null => {
    const cell = cells.get(cellKey(row.cadet_id, exam.exam));
    return cell && cell.state !== "wrong" && cell.state !== "failed" ? cell.value : (row.scores[exam.exam] ?? null);
  };
  const refusedIn = (row: GradebookRow, exam: Exam) => refused.filter((fact) => keyOf(fact) === cellKey(row.cadet_id, exam.exam));

  /** What stands there as a score is typed: a later one of this person, or the value that the row shows. */
  const seenBy = ({ row, exam }: Change) => {
    const inCell = (facts: readonly FactOf<"score">[]) =>
      facts.filter((fact) => keyOf(fact) === cellKey(row.cadet_id, exam.exam)).at(-1);
    const theirs = inCell(refused)?.refusal?.current;
    if (theirs) return { supersedes: theirs.record_id };
    const own = inCell(waiting) ?? inCell(ofTerm(state.arrived));
    return own ? { based_on: own.id } : { based_on_value: row.scores[exam.exam] ?? null };
  };
  const send = async (changes: readonly Change[]) => {
    const drafts = changes.map((change): Draft => {
      const { row, exam, value } = change;
      return {
        kind: "score",
        body: { term_id: termId, exam: exam.exam, cadet_id: row.cadet_id, value, ...seenBy(change) },
        about: {
          who: row.name,
          what: words.scoreIs(exam.label, value),
          where: words.title,
          to: `${window.location.pathname}${window.location.search}`,
        },
      };
    });
    await queue.add(drafts);
    // What is typed over a refused score replaces it.
    await queue.discard(changes.flatMap(({ row, exam }) => refusedIn(row, exam)));
  };
  const save = (changes: readonly Change[]): Promise<void> => {
    setSteps((now) => [...now, changes.map((change) => ({ ...change, value: shownIn(change.row, change.exam) }))]);
    return send(changes);
  };
  const undo = () => {
    const last = steps.at(-1);
    if (!last) return;
    setSteps(steps.slice(0, -1));
    void send(last);
  };
  /** Spreads a copied block over the page from a cell on, one value a cell; returns how many found no cell. */
  const paste = (
    text: string,
    from: { row: GradebookRow; exam: Exam },
    rows: readonly GradebookRow[],
    exams: readonly Exam[],
  ) => {
    const top = rows.findIndex((row) => row.cadet_id === from.row.cadet_id);
    const left = exams.findIndex((exam) => exam.exam === from.exam.exam);
    const changes: Change[] = [];
    let outside = 0;
    for (const { down, right, typed } of readPasted(text)) {
      const [row, exam] = [rows[top + down], exams[left + right]];
      if (!row || !exam) outside += 1;
      else {
        const read = readScore(typed, exam.max);
        markWrong(row, exam, read ? null : typed);
        if (read && Number(read.value) !== Number(shownIn(row, exam) ?? NaN)) changes.push({ row, exam, value: read.value });
      }
    }
    if (changes.length > 0) void save(changes);
    return outside;
  };
  const putBack = (row: GradebookRow, exam: Exam) => {
    markWrong(row, exam, null);
    const gone = refusedIn(row, exam);
    if (gone.length === 0) return;
    void queue.discard(gone);
    toast({ message: words.putBack(gone.at(-1)!.about.who), action: { label: words.undo, run: () => void queue.restore(gone) } });
  };
  /** Takes this person's score over the one that somebody else typed meanwhile. */
  const insist = (row: GradebookRow, exam: Exam) => void queue.insist(refusedIn(row, exam));
  const counts = { waiting: waiting.length, failed: refused.length + wrong.size };
  return { cells, counts, state, canUndo: steps.length > 0, save, undo, paste, markWrong, putBack, insist, take };
}

export type Scores = ReturnType<typeof useScores>;
