import { useEffect, useState, type KeyboardEvent } from "react";
import { Link } from "react-router";
import { Button, DataTable, Pagination, Select, useToast } from "@/components/ui";
import { paths } from "@/config/paths";
import { useIsPhone } from "@/hooks/use-media";
import type { Page } from "@/lib/api-client";
import { useCan } from "@/lib/auth";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { gradebook as words } from "@/messages/gradebook";
import type { Exam, GradebookFilter, GradebookRow, Policy } from "../api/gradebook";
import { shortNumber } from "../read-score";
import { useScores } from "../use-scores";
import { gradebookColumns, gradeOf, Score, stateOf, totalOf } from "./columns";
import { ScoresState } from "./ScoresState";
import styles from "./gradebook.module.css";

const FLASH_MS = 2_500;

/** The rows somebody else changed just now; each flashes once. */
function useFlashes() {
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (changed.size === 0) return;
    const timer = window.setTimeout(() => setChanged(new Set()), FLASH_MS);
    return () => window.clearTimeout(timer);
  }, [changed]);
  return { changed, flash: (keys: string[]) => setChanged((now) => new Set([...now, ...keys])) };
}

type Props = {
  policy: Policy;
  page: Page<GradebookRow>;
  filter: GradebookFilter;
  onSort: (sort: string) => void;
  onPage: (page: number) => void;
};

export function GradebookTable({ policy, page, filter, onSort, onPage }: Props) {
  const scores = useScores(filter);
  const toast = useToast();
  const mayScore = useCan("grading.score");
  const isPhone = useIsPhone();
  // A phone shows one exam at a time, so that a platoon fits: one types the scores of one exam after the other.
  const [examShown, setExamShown] = useState("");
  const exam = policy.subject.exams.find((one) => one.exam === examShown) ?? policy.subject.exams[0];
  const { changed, flash } = useFlashes();
  useRealtimeEvents(["grading.grades.changed"], (frame) => {
    const event = frame.data as { term_id: number; rows: GradebookRow[] };
    if (String(event.term_id) !== filter.term_id) return;
    const known = new Map(page.data.map((row) => [row.cadet_id, row.version]));
    const fresh = event.rows.filter((row) => (known.get(row.cadet_id) ?? Infinity) < row.version);
    if (fresh.length === 0) return;
    scores.take(fresh);
    flash(fresh.map((row) => String(row.cadet_id)));
  });
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || !scores.canUndo) return;
    event.preventDefault();
    scores.undo();
  };
  const onPaste = (text: string, row: GradebookRow, exam: Exam) => {
    const outside = scores.paste(text, { row, exam }, page.data, policy.subject.exams);
    if (outside > 0) toast({ message: words.pastedOutside(outside), tone: "failed" });
  };
  return (
    <div onKeyDown={onKey} className={styles.fill}>
      {isPhone && policy.subject.exams.length > 1 ? (
        <div className={styles.phoneExam}>
          <Select
            hideLabel
            label={words.examShown}
            choices={policy.subject.exams.map((one) => ({
              value: one.exam,
              label: `${one.label} ${words.of(shortNumber(one.max))}`,
            }))}
            value={exam?.exam ?? ""}
            onChange={(event) => setExamShown(event.target.value)}
          />
        </div>
      ) : null}
      <DataTable
        caption={words.title}
        columns={gradebookColumns({ policy, filter, scores, mayScore, onPaste })}
        rows={page.data}
        rowKey={(row) => String(row.cadet_id)}
        sort={filter.sort}
        onSort={onSort}
        changed={changed}
        phone={(row) => (
          <div className={styles.item}>
            <div className={styles.who}>
              <Link className={`strong ${styles.link}`} to={`${paths.gradebookCadet(row.cadet_id)}?term=${filter.term_id}`}>
                {row.name}
              </Link>
              <p className={`small ${styles.how}`}>
                {row.so_far === null && row.transmuted === null ? null : (
                  <span className="num">
                    {row.so_far === null ? null : totalOf(row)} {gradeOf(row)}
                  </span>
                )}
                <span className={styles.state} data-state={row.state}>
                  {stateOf(row, policy)}
                </span>
              </p>
            </div>
            {exam ? <Score row={row} exam={exam} scores={scores} mayScore={mayScore} onPaste={onPaste} /> : null}
          </div>
        )}
        footer={
          <div className={styles.foot}>
            <ScoresState scores={scores} />
            {scores.canUndo ? (
              <Button tiny icon="undo" onClick={scores.undo}>
                {words.undo}
              </Button>
            ) : null}
            <span className="grow" />
            <Pagination page={page.page} limit={page.limit} total={page.total} onPage={onPage} />
          </div>
        }
      />
    </div>
  );
}
