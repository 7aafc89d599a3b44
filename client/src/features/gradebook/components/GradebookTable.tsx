import { useEffect, useState, type KeyboardEvent } from "react";
import { Link } from "react-router";
import { Button, DataTable, Icon, Pagination, StateBadge, type Column, type ColumnGroup } from "@/components/ui";
import { paths } from "@/config/paths";
import type { Page } from "@/lib/api-client";
import { useCan } from "@/lib/auth";
import { formatTime, orDash } from "@/lib/format";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { gradebook as words } from "@/messages/gradebook";
import { EXAMS, type GradebookFilter, type GradebookRow } from "../api/gradebook";
import { cellKey, useScores } from "../use-scores";
import styles from "./gradebook.module.css";
import { ScoreCell } from "./ScoreCell";

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

const GROUPS = {
  attendance: { id: "attendance", header: words.columns.attendance, note: "30" },
  aptitude: { id: "aptitude", header: words.columns.aptitude, note: "30" },
  subject: { id: "subject", header: words.columns.subject, note: "40" },
  final: { id: "final", header: words.columns.final, note: "100" },
} satisfies Record<string, ColumnGroup>;

const stateOf = (row: GradebookRow) => (
  <StateBadge
    state={row.state}
    reason={row.state === "provisional" && row.missing.length > 0 ? words.needs(row.missing) : undefined}
  />
);

function makeColumns(filter: GradebookFilter, scores: ReturnType<typeof useScores>, mayScore: boolean): Column<GradebookRow>[] {
  const points = (id: "attendance" | "aptitude" | "subject"): Column<GradebookRow> => ({
    id,
    header: words.columns.points,
    group: GROUPS[id],
    numeric: true,
    tinted: true,
    cell: (row) => orDash(row[id]),
  });
  const count = (id: "late" | "merits" | "demerits", header: string, group: ColumnGroup): Column<GradebookRow> => ({
    id,
    header,
    group,
    numeric: true,
    show: "wide",
    cell: (row) => (row.state === "no_data" ? "–" : row[id]),
  });
  return [
    {
      id: "name",
      header: words.columns.cadet,
      sort: "name",
      cell: (row) => (
        <Link className={`strong ${styles.link}`} to={`${paths.gradebookCadet(row.cadet_id)}?term=${filter.term_id}`}>
          {row.name}
        </Link>
      ),
    },
    {
      id: "unit",
      header: words.columns.unit,
      show: "wide",
      cell: (row) => orDash([filter.company ? null : row.company, row.platoon].filter(Boolean).join(", ")),
    },
    {
      id: "days",
      group: GROUPS.attendance,
      header: words.columns.days,
      numeric: true,
      cell: (row) => (row.days_counted === 0 ? "–" : `${row.days_present}/${row.days_counted}`),
    },
    count("late", words.columns.late, GROUPS.attendance),
    points("attendance"),
    count("merits", words.columns.merits, GROUPS.aptitude),
    count("demerits", words.columns.demerits, GROUPS.aptitude),
    points("aptitude"),
    ...EXAMS.map((exam): Column<GradebookRow> => ({
      id: exam,
      group: GROUPS.subject,
      header: words.exams[exam]!,
      numeric: true,
      cell: (row) =>
        mayScore ? (
          <ScoreCell
            row={row}
            exam={exam}
            cell={scores.cells.get(cellKey(row.cadet_id, exam))}
            onSave={(value) => scores.save(row, exam, value)}
            onPutBack={() => scores.putBack(row.cadet_id, exam)}
          />
        ) : (
          orDash(row.scores[exam])
        ),
    })),
    points("subject"),
    {
      id: "total",
      group: GROUPS.final,
      header: words.columns.total,
      sort: "final",
      numeric: true,
      cell: (row) => <b>{orDash(row.final)}</b>,
    },
    {
      id: "grade",
      group: GROUPS.final,
      header: words.columns.grade,
      numeric: true,
      cell: (row) => <b>{orDash(row.transmuted)}</b>,
    },
    {
      id: "state",
      header: words.columns.state,
      cell: (row) => (
        <span className={styles.state} data-state={row.state}>
          {stateOf(row)}
        </span>
      ),
    },
  ];
}

type Props = {
  page: Page<GradebookRow>;
  filter: GradebookFilter;
  onSort: (sort: string) => void;
  onPage: (page: number) => void;
};

export function GradebookTable({ page, filter, onSort, onPage }: Props) {
  const scores = useScores(filter);
  const mayScore = useCan("grading.score");
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
  const cells = (row: GradebookRow) => (
    <div className={styles.phoneScores}>
      {EXAMS.map((exam) => (
        <label key={exam}>
          {words.exams[exam]}
          {mayScore ? (
            <ScoreCell
              row={row}
              exam={exam}
              cell={scores.cells.get(cellKey(row.cadet_id, exam))}
              onSave={(value) => scores.save(row, exam, value)}
              onPutBack={() => scores.putBack(row.cadet_id, exam)}
            />
          ) : (
            orDash(row.scores[exam])
          )}
        </label>
      ))}
    </div>
  );
  return (
    <div onKeyDown={onKey} className={styles.fill}>
      <DataTable
        caption={words.title}
        columns={makeColumns(filter, scores, mayScore)}
        rows={page.data}
        rowKey={(row) => String(row.cadet_id)}
        sort={filter.sort}
        onSort={onSort}
        changed={changed}
        phone={(row) => (
          <div className={styles.item}>
            <div className="row between">
              <Link className={`strong ${styles.link}`} to={`${paths.gradebookCadet(row.cadet_id)}?term=${filter.term_id}`}>
                {row.name}
              </Link>
              {row.final === null ? null : (
                <span>
                  <b className="num">{row.final}</b> <b className="num">{orDash(row.transmuted)}</b>
                </span>
              )}
            </div>
            <div className="row between small">
              <span className="muted num">
                {words.columns.attendance} {orDash(row.attendance)} · {words.columns.aptitude} {orDash(row.aptitude)}
              </span>
              {stateOf(row)}
            </div>
            {cells(row)}
          </div>
        )}
        footer={
          <div className={styles.foot}>
            <span role="status" aria-live="polite">
              {scores.counts.failed > 0 ? (
                <b className={styles.bad}>{words.notSaved(scores.counts.failed)}</b>
              ) : scores.counts.saving > 0 ? (
                words.saving(scores.counts.saving)
              ) : scores.savedAt ? (
                <>
                  <Icon name="check" small /> {words.savedAt(formatTime(scores.savedAt))}
                </>
              ) : null}
            </span>
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
