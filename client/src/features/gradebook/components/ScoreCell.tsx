import { useRef, useState, type KeyboardEvent } from "react";
import { Icon } from "@/components/ui";
import { gradebook as words } from "@/messages/gradebook";
import type { Exam, GradebookRow } from "../api/gradebook";
import { readScore, shortNumber, type Cell } from "../use-scores";
import styles from "./gradebook.module.css";

const plain = (value: string | null | undefined): string => (!value ? "" : value.replace(/\.00$/, "").replace(/(\.\d)0$/, "$1"));

function focusBelow(input: HTMLInputElement, step: number): void {
  const column = [...document.querySelectorAll<HTMLInputElement>(`input[data-exam="${input.dataset["exam"]}"]`)];
  const next = column[column.indexOf(input) + step];
  next?.focus();
  next?.select();
}

type Props = {
  row: GradebookRow;
  exam: Exam;
  cell: Cell | undefined;
  onSave: (value: string | null) => void;
  onPutBack: () => void;
};

/** One score: digits replace, Enter saves and goes down, Esc puts back, leaving the cell saves. */
export function ScoreCell({ row, exam, cell, onSave, onPutBack }: Props) {
  const stored = plain(cell ? cell.value : row.scores[exam.exam]);
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const settled = useRef(false);
  const why = wrong ? words.scoreWrong(shortNumber(exam.max)) : cell?.why;

  const commit = (): boolean => {
    if (typed === null) return true;
    const read = readScore(typed, exam.max);
    setWrong(read === null);
    if (read === null) return false;
    setTyped(null);
    if (plain(read.value) !== plain(row.scores[exam.exam]) || cell?.state === "failed") onSave(read.value);
    return true;
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      settled.current = commit();
      if (settled.current) focusBelow(input, event.key === "ArrowUp" || event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      setTyped(null);
      setWrong(false);
      onPutBack();
    }
  };
  return (
    <span className={styles.score} title={why}>
      {cell?.state === "saving" ? (
        <Icon name="arrowUp" small className={styles.saving} />
      ) : why ? (
        <Icon name="warning" small className={styles.bad} />
      ) : null}
      <input
        inputMode="decimal"
        autoComplete="off"
        data-exam={exam.exam}
        data-cadet={row.cadet_id}
        aria-label={words.scoreOf(exam.label, row.name)}
        aria-invalid={why ? true : undefined}
        placeholder="–"
        value={typed ?? stored}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setWrong(false);
        }}
        onKeyDown={onKey}
        onBlur={() => void commit()}
      />
      {why ? (
        <span className="sr-only" role="alert">
          {why}
        </span>
      ) : null}
    </span>
  );
}
