import type { ReactNode } from "react";
import { policy as words } from "@/messages/policy";
import type { Schema } from "@/types";
import styles from "./policy.module.css";

export type Policy = Schema<"Policy">;

function Part({ title, weight, children }: { title: string; weight: string; children: ReactNode }) {
  return (
    <section className={`card pad stack-small ${styles.part}`} aria-label={title}>
      <div className="row between">
        <h2>{title}</h2>
        <b className="num">{words.points(weight)}</b>
      </div>
      {children}
    </section>
  );
}

function Rows({ head, rows }: { head: readonly [string, string]; rows: readonly (readonly [string, string])[] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col">{head[1]}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="num">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const CREDITED = ["present", "late", "excused", "duty", "absent"] as const;

const Said = ({ children }: { children: string | false | null }) => (children ? <p className="soft">{children}</p> : null);

function Attendance({ rule }: { rule: Policy["attendance"] }) {
  const { divisors } = words;
  const rows = CREDITED.map((status) => [words.statuses[status] ?? status, words.day(rule.credit[status])] as const);
  return (
    <Part title={words.parts.attendance} weight={rule.weight}>
      <Rows head={[words.credit, ""]} rows={rows} />
      <Said>{rule.divisor === "fixed" ? divisors.fixed(rule.fixed_days) : divisors[rule.divisor]}</Said>
      <Said>{rule.minimum !== null && words.minimum(rule.minimum)}</Said>
      <Said>{rule.consecutive_absences !== null && words.inARow(rule.consecutive_absences)}</Said>
    </Part>
  );
}

function Aptitude({ rule }: { rule: Policy["aptitude"] }) {
  return (
    <Part title={words.parts.aptitude} weight={rule.weight}>
      <Said>{words.base(rule.base, rule.scale)}</Said>
      <Said>{rule.floor !== null && words.floor(rule.floor)}</Said>
      <Said>{rule.ceiling !== null && words.ceiling(rule.ceiling)}</Said>
      <Said>{rule.merit_cap !== null && words.cap(rule.merit_cap)}</Said>
      <Said>{rule.minimum !== null && words.minimum(rule.minimum)}</Said>
    </Part>
  );
}

function Proficiency({ rule }: { rule: Policy["subject"] }) {
  return (
    <Part title={words.parts.subject} weight={rule.weight}>
      <Rows head={[words.exam, words.most]} rows={rule.exams.map((exam) => [exam.label, exam.max] as const)} />
      <Said>{words.sum}</Said>
      <Said>{rule.minimum !== null && words.minimum(rule.minimum)}</Said>
    </Part>
  );
}

/** The rules by which a term is graded, in words and tables. */
export function PolicyView({ policy }: { policy: Policy }) {
  const { steps, failing, before_rounding: before } = policy.transmutation;
  const last = steps.at(-1)?.at_least ?? policy.maximum;
  const grades = [...steps.map((step) => [step.at_least, step.grade] as const), [`${words.below} ${last}`, failing] as const];
  return (
    <div className="stack">
      <p>
        <b>{policy.name}</b>
      </p>
      <div className={styles.parts}>
        <Attendance rule={policy.attendance} />
        <Aptitude rule={policy.aptitude} />
        <Proficiency rule={policy.subject} />
        <Part title={words.table} weight={policy.maximum}>
          <Rows head={[words.atLeast, words.grade]} rows={grades} />
          <Said>{before ? words.before : words.after}</Said>
          <Said>{words.rounding(policy.rounding.decimals)}</Said>
        </Part>
      </div>
      <section className="card pad stack-small" aria-label={words.source}>
        <h2>{words.source}</h2>
        <p className="soft">{policy.source}</p>
        <p className="soft">{words.fixedForTerm}</p>
      </section>
    </div>
  );
}
