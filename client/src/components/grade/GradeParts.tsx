import type { ReactNode } from "react";
import { Icon, StatusSign } from "@/components/ui";
import { formatMoment, formatPoints } from "@/lib/format";
import { grade as words } from "@/messages/grade";
import type { ComponentName, ExplainedGrade, ExplanationNode } from "@/types/grade";
import styles from "./GradeParts.module.css";

const SIGN = { merit: "plus", demerit: "minus", score: "file", attendance: "file" } as const;

function Leaf({ node }: { node: ExplanationNode }) {
  const fact = node.record;
  return (
    <li className={styles.leaf}>
      <span className={styles.mark}>
        {fact?.status ? (
          <StatusSign status={fact.status} />
        ) : (
          <Icon name={fact ? SIGN[fact.kind] : node.points === null ? "clock" : "equal"} />
        )}
      </span>
      <div>
        <p className={styles.name}>{node.label}</p>
        <p className="small muted">{[node.rule, fact ? formatMoment(fact.occurred_at) : null].filter(Boolean).join(" · ")}</p>
      </div>
      <span className="num">{formatPoints(node.points)}</span>
    </li>
  );
}

function Branch({ node }: { node: ExplanationNode }) {
  if (node.children.length === 0) return <Leaf node={node} />;
  return (
    <li className={styles.branch}>
      <p className={styles.name}>
        {node.label} <span className="num">{formatPoints(node.points)}</span>
      </p>
      <p className="small muted">{node.rule}</p>
      <ul>
        {node.children.map((child) => (
          <Branch key={child.id} node={child} />
        ))}
      </ul>
    </li>
  );
}

const isComponent = (id: string): id is ComponentName => id === "attendance" || id === "aptitude" || id === "subject";

/** Points are bold once the grade is final; what is held of a part that is still open is said to be that. INC, DO and T have none. */
function PartPoints({ node, grade: { so_far: soFar, final, state } }: { node: ExplanationNode; grade: ExplainedGrade }) {
  if (state === "special") return <span className={styles.points}>{formatPoints(null)}</span>;
  const held = node.points === null && soFar !== null && isComponent(node.id) ? soFar[node.id] : null;
  const most = node.max?.replace(/\.00$/, "");
  const Figure = final === null ? "span" : "b";
  return (
    <span className={styles.points}>
      <Figure className="num">{formatPoints(held ?? node.points)}</Figure>
      {most ? <small className="num">{held === null ? words.of(most) : words.heldOf(most)}</small> : null}
    </span>
  );
}

type Props = {
  grade: ExplainedGrade;
  /** Something to draw above a part's records: the strip of days, a link. */
  extra?: (partId: string) => ReactNode;
  /** Start with everything open: beside a gradebook, where one came to read it. */
  open?: boolean;
};

/** Each part of the grade opens to its rule with the numbers in it, then to the records. */
export function GradeParts({ grade, extra, open = false }: Props) {
  const parts = grade.explanation.children.filter((node) => node.children.length > 0 || node.max !== null);
  const rest = grade.explanation.children.filter((node) => !parts.includes(node));
  return (
    <section className={styles.parts} aria-label={words.parts}>
      {parts.map((node) => (
        <details key={node.id} open={open}>
          <summary>
            <h3>{node.label}</h3>
            <PartPoints node={node} grade={grade} />
            <Icon name="down" />
          </summary>
          <div className={styles.tree}>
            <p className={styles.rule}>{node.rule}</p>
            {extra?.(node.id)}
            <ul>
              {node.children.map((child) => (
                <Branch key={child.id} node={child} />
              ))}
            </ul>
          </div>
        </details>
      ))}
      {rest.map((node) => (
        <div key={node.id} className={styles.rest}>
          <div>
            <p className={styles.name}>{node.label}</p>
            <p className="small muted">{node.rule}</p>
          </div>
          <b className="num">{formatPoints(node.points)}</b>
        </div>
      ))}
      <p className={styles.note}>{words.policy(grade.policy_version)}</p>
    </section>
  );
}
