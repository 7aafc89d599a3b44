import { useId, type KeyboardEvent } from "react";
import { Button, Chip } from "@/components/ui";
import { messageOf } from "@/lib/error-words";
import { orDash } from "@/lib/format";
import { conflicts as words } from "@/messages/import-conflicts";
import { imports } from "@/messages/imports";
import { useDecideRow, type Candidate, type ConflictRow, type RowDecision } from "../api/decisions";
import styles from "./conflicts.module.css";

// What an officer compares first stands first.
const FIELDS = [
  "last_name",
  "first_name",
  "middle_name",
  "suffix_name",
  "student_id",
  "username",
  "email",
  "birthdate",
  "contact_number",
  "company",
  "platoon",
  "course",
  "year_level",
];
const KEYS: Record<string, RowDecision> = { s: "same", a: "another", l: "leave" };

const nameOf = ({ values }: Candidate) => `${values.last_name ?? ""}, ${values.first_name ?? ""} (${values.student_id ?? ""})`;
/** "MS1!5" is how the server writes row 5 of sheet MS1. */
const rowAt = (place: string) => {
  const cut = place.lastIndexOf("!");
  return imports.sheetRow(place.slice(0, cut), Number(place.slice(cut + 1)));
};

function Header({ candidate }: { candidate: Candidate }) {
  const stored = candidate.cadet_id !== null;
  return (
    <th scope="col">
      {stored ? words.onFile : words.earlierRow(rowAt(candidate.place ?? ""))}
      {candidate.is_archived ? <span className="muted"> ({words.archived})</span> : null}
    </th>
  );
}

function Pair({ row }: { row: ConflictRow }) {
  const shown = FIELDS.filter((field) => [row, ...row.candidates].some((person) => person.values[field]));
  const differs = (field: string, candidate: Candidate) =>
    Boolean(row.values[field] && candidate.values[field]) && row.values[field] !== candidate.values[field];
  return (
    <div className={styles.pair}>
      <table style={{ minWidth: 104 + 100 * (1 + row.candidates.length) }}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{words.field}</span>
            </th>
            <th scope="col">{words.inFile}</th>
            {row.candidates.map((candidate, place) => (
              <Header key={place} candidate={candidate} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((field) => (
            <tr key={field}>
              <th scope="row">{imports.fields[field] ?? field}</th>
              <td>{orDash(row.values[field] ?? null)}</td>
              {row.candidates.map((candidate, place) => (
                <td key={place} className={differs(field, candidate) ? styles.differs : undefined}>
                  {orDash(candidate.values[field] ?? null)}
                  {differs(field, candidate) ? <span className="sr-only"> ({words.differs})</span> : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One row that may be somebody else: both persons side by side, and what an officer says of it. */
export function ConflictCard({ row, importId, open }: { row: ConflictRow; importId: number; open: boolean }) {
  const decide = useDecideRow(importId);
  const heading = useId();
  const [only] = row.candidates;
  const several = row.candidates.length > 1;
  const say = (decision: RowDecision | null, chosen?: Candidate) => {
    const candidate = chosen ?? (decision === "same" ? only : undefined);
    decide.mutate({ row, decision, ...(candidate && { candidate }) });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>) => {
    const decision = KEYS[event.key.toLowerCase()];
    if (!open || !decision || decide.isPending || event.ctrlKey || event.metaKey || event.altKey) return;
    if (decision === "same" && several) return;
    event.preventDefault();
    say(decision);
    // On to the next, so that a list of them is a list of keys.
    event.currentTarget.nextElementSibling?.querySelector<HTMLElement>("button")?.focus();
  };
  const said = (decision: RowDecision, candidate?: Candidate) =>
    row.decision === decision &&
    (candidate === undefined || (candidate.cadet_id !== null && candidate.cadet_id === row.cadet_id));
  const button = (decision: RowDecision, label: string, candidate?: Candidate) => (
    <Button
      key={label}
      look={said(decision, candidate) ? "primary" : "plain"}
      aria-pressed={said(decision, candidate)}
      disabled={decide.isPending}
      onClick={() => say(decision, candidate)}
    >
      {label}
    </Button>
  );
  return (
    <li className={styles.card} aria-labelledby={heading} onKeyDown={onKeyDown}>
      <div className="row between">
        <h3 id={heading}>{words.rowOf(row.name, imports.sheetRow(row.sheet, row.row))}</h3>
        {row.decision ? (
          <Chip tone="ok" icon="check">
            {words.decided[row.decision]}
          </Chip>
        ) : (
          <Chip tone="wait" icon="clock">
            {words.undecided}
          </Chip>
        )}
      </div>
      <ul className="stack-small">
        {row.reasons.map((reason, place) => (
          <li key={place}>{reason.message}</li>
        ))}
      </ul>
      <Pair row={row} />
      {open ? (
        <div className="row" role="group" aria-labelledby={heading}>
          {several
            ? row.candidates.map((candidate) => button("same", words.sameAs(nameOf(candidate)), candidate))
            : button("same", words.same)}
          {button("another", words.another)}
          {button("leave", words.leave)}
          {row.decision ? (
            <Button look="quiet" icon="undo" disabled={decide.isPending} onClick={() => say(null)}>
              {words.takeBack}
            </Button>
          ) : null}
        </div>
      ) : null}
      {decide.error ? (
        <p className={styles.failed} role="alert">
          {words.failed} {messageOf(decide.error)}
        </p>
      ) : null}
    </li>
  );
}
