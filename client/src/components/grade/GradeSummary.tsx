import { Chip, Icon, StateBadge } from "@/components/ui";
import { formatMoment } from "@/lib/format";
import { grade as words } from "@/messages/grade";
import type { ExplainedGrade } from "@/types/grade";
import { GradeBar } from "./GradeBar";
import styles from "./GradeSummary.module.css";

function outlook({ total }: ExplainedGrade["standing"]): string | null {
  const { held, max, lost, pass_at: pass } = total;
  if (held === null || lost === null || max === null || pass === null) return null;
  if (Number(held) >= Number(pass)) return words.reached;
  return Number(max) - Number(lost) >= Number(pass) ? words.canPass : words.cannotPass;
}

function headline(grade: ExplainedGrade): string {
  if (grade.state === "no_data") return words.noGrade;
  if (grade.transmuted === null) return words.notFinal;
  return grade.state === "provisional" ? words.soFar(grade.transmuted) : grade.transmuted;
}

/** State, sentence, bar: in this order, and never a number that is not known. */
export function GradeSummary({ grade, asOf, level = 2 }: { grade: ExplainedGrade; asOf?: number; level?: 2 | 3 }) {
  const Heading = level === 2 ? "h2" : "h3";
  const done = grade.state === "complete" || grade.state === "locked";
  const moment = grade.as_of ? words.then(formatMoment(grade.as_of)) : asOf ? words.now(formatMoment(asOf)) : null;
  return (
    <section className={styles.summary} aria-labelledby="grade-headline">
      <div className="row between">
        <StateBadge state={grade.state} />
        {moment ? <span className="small muted num">{moment}</span> : null}
      </div>
      <div className={styles.headline}>
        <Heading id="grade-headline">{headline(grade)}</Heading>
        {grade.final === null ? null : <span className={styles.points}>{words.finalPoints(grade.final)}</span>}
        {done && grade.passed !== null ? (
          <Chip tone={grade.passed ? "ok" : "bad"} icon={grade.passed ? "check" : "close"}>
            {grade.passed ? words.passed : words.failed}
          </Chip>
        ) : null}
      </div>
      {done ? null : (
        <p className={styles.why}>
          {grade.state === "no_data" ? words.noGradeWhy : words.missing(grade.missing.map((one) => one.what))}{" "}
          {grade.state === "no_data" ? null : <b>{outlook(grade.standing)}</b>}
        </p>
      )}
      {grade.notices.map((notice) => (
        <p key={notice.code} className={styles.notice}>
          <Icon name="flag" small /> {notice.message}
        </p>
      ))}
      <GradeBar total={grade.standing.total} />
      {!done && grade.standing.total.best ? (
        <p className={styles.best}>
          <span>{words.best}</span>
          <b className="num">{grade.standing.total.best}</b>
        </p>
      ) : null}
    </section>
  );
}
