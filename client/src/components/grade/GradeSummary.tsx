import { Chip, Icon, StateBadge } from "@/components/ui";
import { formatMoment } from "@/lib/format";
import { grade as words } from "@/messages/grade";
import type { ExplainedGrade } from "@/types/grade";
import { GradeBar } from "./GradeBar";
import styles from "./GradeSummary.module.css";

function headline(grade: ExplainedGrade): string {
  if (grade.state === "no_data") return words.noGrade;
  return grade.transmuted ?? words.notFinal;
}

function Why({ grade }: { grade: ExplainedGrade }) {
  if (grade.state === "special") return <p className={styles.why}>{words.specialWhy}</p>;
  if (grade.state === "no_data") return <p className={styles.why}>{words.noGradeWhy}</p>;
  if (grade.final !== null) return null;
  return (
    <p className={styles.why}>
      {words.missing(grade.missing.map((one) => one.what))} <b>{grade.outlook === null ? null : words.outlook[grade.outlook]}</b>
    </p>
  );
}

/** The ends between which an unfinished grade will lie. */
function Ends({ best, worst }: Pick<ExplainedGrade, "best" | "worst">) {
  if (!best || !worst) return null;
  return (
    <div className={styles.ends}>
      <dl>
        {(["best", "worst"] as const).map((end) => {
          const { grade, points } = end === "best" ? best : worst;
          return (
            <div key={end}>
              <dt>{words[end]}</dt>
              <dd className="num">{words.end(grade, points)}</dd>
            </div>
          );
        })}
      </dl>
      <p className="small muted">{words.ends}</p>
    </div>
  );
}

/** State, sentence, bar: in this order, and never a number that is not known. */
export function GradeSummary({ grade, asOf, level = 2 }: { grade: ExplainedGrade; asOf?: number; level?: 2 | 3 }) {
  const Heading = level === 2 ? "h2" : "h3";
  const moment = grade.as_of ? words.then(formatMoment(grade.as_of)) : asOf ? words.now(formatMoment(asOf)) : null;
  return (
    <section className={styles.summary} aria-labelledby="grade-headline">
      <div className="row between">
        <StateBadge state={grade.state} reason={grade.state === "special" ? (grade.remarks ?? undefined) : undefined} />
        {moment ? <span className="small muted num">{moment}</span> : null}
      </div>
      <div className={styles.headline}>
        <Heading id="grade-headline">{headline(grade)}</Heading>
        {grade.final !== null ? (
          <span className={styles.points}>{words.finalPoints(grade.final)}</span>
        ) : grade.so_far ? (
          <span className={styles.points}>{words.soFarPoints(grade.so_far.total)}</span>
        ) : null}
        {grade.passed !== null ? (
          <Chip tone={grade.passed ? "ok" : "bad"} icon={grade.passed ? "check" : "close"}>
            {grade.passed ? words.passed : words.failed}
          </Chip>
        ) : null}
      </div>
      <Why grade={grade} />
      {grade.notices.map((notice) => (
        <p key={notice.code} className={styles.notice}>
          <Icon name="flag" small /> {notice.message}
        </p>
      ))}
      <GradeBar total={grade.standing.total} />
      {grade.final === null ? <Ends best={grade.best} worst={grade.worst} /> : null}
    </section>
  );
}
