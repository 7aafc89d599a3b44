import type { ReactNode } from "react";
import { Icon, StatusSign, type AttendanceStatus } from "@/components/ui";
import { formatMoment, formatPoints } from "@/lib/format";
import { grade as words } from "@/messages/grade";
import type { ComponentName, ExplainedGrade, ExplanationNode } from "@/types/grade";
import styles from "./GradeParts.module.css";

/** What is known of a record besides its points. */
export type RecordFact = { status?: AttendanceStatus | null; kind?: "merit" | "demerit"; occurredAt?: string | null; by?: string | null };
/** By record id. */
export type RecordFacts = ReadonlyMap<string, RecordFact>;

const NONE: RecordFacts = new Map();

function Leaf({ node, facts }: { node: ExplanationNode; facts: RecordFacts }) {
  const fact = facts.get(node.records[0] ?? node.id);
  const when = fact?.occurredAt ? formatMoment(fact.occurredAt) : null;
  return (
    <li className={styles.leaf}>
      <span className={styles.mark}>
        {fact?.status ? <StatusSign status={fact.status} /> : <Icon name={node.points === null ? "clock" : fact?.kind === "merit" ? "plus" : fact?.kind === "demerit" ? "minus" : "file"} />}
      </span>
      <div>
        <p className={styles.name}>{node.label}</p>
        <p className="small muted">{[node.rule, when, fact?.by].filter(Boolean).join(" · ")}</p>
      </div>
      <b className="num">{formatPoints(node.points)}</b>
    </li>
  );
}

function Branch({ node, facts }: { node: ExplanationNode; facts: RecordFacts }) {
  if (node.children.length === 0) return <Leaf node={node} facts={facts} />;
  return (
    <li className={styles.branch}>
      <p className={styles.name}>{node.label} <b className="num">{formatPoints(node.points)}</b></p>
      <p className="small muted">{node.rule}</p>
      <ul>{node.children.map((child) => <Branch key={child.id} node={child} facts={facts} />)}</ul>
    </li>
  );
}

const isComponent = (id: string): id is ComponentName => id === "attendance" || id === "aptitude" || id === "subject";

/** A part without all its facts has no points yet; what is already held of it is said as such. */
function PartPoints({ node, standing }: { node: ExplanationNode; standing: ExplainedGrade["standing"] }) {
  const held = isComponent(node.id) ? standing[node.id].held : null;
  const soFar = node.points === null && held !== null && Number(held) > 0;
  const most = node.max?.replace(/\.00$/, "");
  return (
    <span className={styles.points}>
      <b className="num">{formatPoints(soFar ? held : node.points)}</b>
      {most ? <small className="num">{soFar ? words.heldOf(most) : words.of(most)}</small> : null}
    </span>
  );
}

type Props = {
  grade: ExplainedGrade;
  facts?: RecordFacts;
  /** Something to draw above a part's records: the strip of days, a link. */
  extra?: (partId: string) => ReactNode;
  /** Start with everything open: beside a gradebook, where one came to read it. */
  open?: boolean;
};

/** Each part of the grade opens to its rule with the numbers in it, then to the records. */
export function GradeParts({ grade, facts = NONE, extra, open = false }: Props) {
  const parts = grade.explanation.children.filter((node) => node.children.length > 0 || node.max !== null);
  const rest = grade.explanation.children.filter((node) => !parts.includes(node));
  return (
    <section className={styles.parts} aria-label={words.parts}>
      {parts.map((node) => (
        <details key={node.id} open={open}>
          <summary>
            <h3>{node.label}</h3>
            <PartPoints node={node} standing={grade.standing} />
            <Icon name="down" />
          </summary>
          <div className={styles.tree}>
            <p className={styles.rule}>{node.rule}</p>
            {extra?.(node.id)}
            <ul>{node.children.map((child) => <Branch key={child.id} node={child} facts={facts} />)}</ul>
          </div>
        </details>
      ))}
      {rest.map((node) => (
        <div key={node.id} className={styles.rest}>
          <div><p className={styles.name}>{node.label}</p><p className="small muted">{node.rule}</p></div>
          <b className="num">{formatPoints(node.points)}</b>
        </div>
      ))}
      <p className={styles.note}>{words.policy(grade.policy_version)}</p>
    </section>
  );
}
