import { Link } from "react-router";
import { StateBadge, type Column, type ColumnGroup } from "@/components/ui";
import { paths } from "@/config/paths";
import { orDash } from "@/lib/format";
import { gradebook as words } from "@/messages/gradebook";
import type { Exam, GradebookFilter, GradebookRow, Policy } from "../api/gradebook";
import { SPECIAL_GRADES } from "@/types/domain";
import { shortNumber } from "../read-score";
import { cellKey, type Scores } from "../use-scores";
import styles from "./gradebook.module.css";
import { ScoreCell } from "./ScoreCell";

/** What the columns and the phone's rows are made from. */
export type Book = {
  policy: Policy;
  filter: GradebookFilter;
  scores: Scores;
  mayScore: boolean;
  onPaste: (text: string, row: GradebookRow, exam: Exam) => void;
};

const SPECIAL: Record<string, string> = SPECIAL_GRADES;

const group = (id: "attendance" | "aptitude" | "subject" | "final", most: string): ColumnGroup => ({
  id,
  header: words.columns[id],
  note: shortNumber(most),
});

/** The state of a row's grade, with what is missing in the words of the term's policy. */
export const stateOf = (row: GradebookRow, { subject }: Policy) => (
  <StateBadge
    state={row.state}
    reason={
      row.state === "special"
        ? SPECIAL[row.transmuted ?? ""]
        : row.state === "provisional" && row.missing.length > 0
          ? words.needs(row.missing, new Map(subject.exams.map((one) => [one.exam, one.label])))
          : undefined
    }
  />
);

/** Points that can no longer change stand as they are; what is so far is quieter, and never bold. */
function SoFar({ settled, soFar }: { settled: string | null; soFar: string | null | undefined }) {
  if (settled !== null || !soFar) return <>{orDash(settled)}</>;
  return (
    <span className={styles.soFar}>
      {soFar}
      <span className="sr-only"> {words.soFar}</span>
    </span>
  );
}

/** The points in all: bold once they are final. */
export const totalOf = (row: GradebookRow) =>
  row.final === null ? <SoFar settled={null} soFar={row.so_far?.total} /> : <b className="num">{row.final}</b>;

/** The grade on record, or how an open one stands. */
export const gradeOf = (row: GradebookRow) =>
  row.transmuted !== null ? (
    <b className="num">{row.transmuted}</b>
  ) : row.so_far && row.outlook ? (
    <span className={styles.soFar}>{words.outlook[row.outlook]}</span>
  ) : (
    <>{orDash(null)}</>
  );

/** One score of a row: a cell to type in for whoever may. */
export function Score({
  row,
  exam,
  scores,
  mayScore,
  onPaste,
}: Pick<Book, "scores" | "mayScore" | "onPaste"> & { row: GradebookRow; exam: Exam }) {
  if (!mayScore) return <>{orDash(row.scores[exam.exam])}</>;
  return (
    <ScoreCell
      row={row}
      exam={exam}
      cell={scores.cells.get(cellKey(row.cadet_id, exam.exam))}
      onSave={(value) => scores.save([{ row, exam, value }])}
      onWrong={(typed) => scores.markWrong(row, exam, typed)}
      onPaste={(text) => onPaste(text, row, exam)}
      onPutBack={() => scores.putBack(row, exam)}
      onInsist={() => scores.insist(row, exam)}
    />
  );
}

/** The columns of a term's gradebook: its exams, maxima and weights are those of its policy. */
export function gradebookColumns({ policy, filter, scores, mayScore, onPaste }: Book): Column<GradebookRow>[] {
  const groups = {
    attendance: group("attendance", policy.attendance.weight),
    aptitude: group("aptitude", policy.aptitude.weight),
    subject: group("subject", policy.subject.weight),
    final: group("final", policy.maximum),
  };
  const points = (id: "attendance" | "aptitude" | "subject"): Column<GradebookRow> => ({
    id,
    header: words.columns.points,
    group: groups[id],
    numeric: true,
    tinted: true,
    cell: (row) => <SoFar settled={row[id]} soFar={row.so_far?.[id]} />,
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
      group: groups.attendance,
      header: words.columns.days,
      numeric: true,
      cell: (row) => (row.days_counted === 0 ? "–" : `${row.days_present}/${row.days_counted}`),
    },
    count("late", words.columns.late, groups.attendance),
    points("attendance"),
    count("merits", words.columns.merits, groups.aptitude),
    count("demerits", words.columns.demerits, groups.aptitude),
    points("aptitude"),
    ...policy.subject.exams.map((exam): Column<GradebookRow> => ({
      id: `exam.${exam.exam}`,
      group: groups.subject,
      header: (
        <>
          {exam.label} <span className={styles.most}>{words.of(shortNumber(exam.max))}</span>
        </>
      ),
      name: exam.label,
      numeric: true,
      cell: (row) => <Score row={row} exam={exam} scores={scores} mayScore={mayScore} onPaste={onPaste} />,
    })),
    points("subject"),
    {
      id: "total",
      group: groups.final,
      header: words.columns.total,
      sort: "final",
      numeric: true,
      cell: totalOf,
    },
    {
      id: "grade",
      group: groups.final,
      header: words.columns.grade,
      numeric: true,
      cell: gradeOf,
    },
    {
      id: "state",
      header: words.columns.state,
      cell: (row) => (
        <span className={styles.state} data-state={row.state}>
          {stateOf(row, policy)}
        </span>
      ),
    },
  ];
}
