import type { ExplainedGrade } from "@/types/grade";
import { grade as words } from "@/messages/grade";
import styles from "./GradeBar.module.css";

const share = (points: string | null): number => Number(points ?? 0);

/** The grade as three lengths: held, still open, lost. The pass line stands on it, so that an open grade cannot be read as a failing one. */
export function GradeBar({ total }: { total: ExplainedGrade["standing"]["total"] }) {
  const { held, open, lost, max, pass_at: pass } = total;
  if (held === null || open === null || lost === null || max === null) return null;
  const parts = [
    { key: "held", points: held, word: words.held, style: styles.held },
    { key: "open", points: open, word: words.open, style: styles.open },
    { key: "lost", points: lost, word: words.lost, style: styles.lost },
  ];
  return (
    <div className={styles.scale} role="img" aria-label={words.bar(held, open, lost, pass)}>
      <div className={styles.line}>
        <div className={styles.track}>
          {parts.map((part) =>
            share(part.points) > 0 ? (
              <span key={part.key} className={part.style} style={{ flexGrow: share(part.points) }} />
            ) : null,
          )}
        </div>
        {pass === null ? null : (
          <span className={styles.pass} style={{ left: `${(share(pass) / share(max)) * 100}%` }}>
            <b>{words.pass(pass.replace(/\.00$/, ""))}</b>
          </span>
        )}
      </div>
      <ul className={styles.key}>
        {parts.map((part) => (
          <li key={part.key}>
            <span className={`${styles.swatch} ${part.style}`} />
            <span className="num">{part.points}</span> {part.word}
          </li>
        ))}
      </ul>
    </div>
  );
}
