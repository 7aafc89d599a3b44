import { useId, useRef, useState, type KeyboardEvent } from "react";
import { Button, Icon } from "@/components/ui";
import { formatTime } from "@/lib/format";
import { gradebook as words } from "@/messages/gradebook";
import type { Exam, GradebookRow } from "../api/gradebook";
import { readScore } from "../read-score";
import type { Cell } from "../use-scores";
import styles from "./gradebook.module.css";

const plain = (value: string | null | undefined): string => (!value ? "" : value.replace(/\.00$/, "").replace(/(\.\d)0$/, "$1"));

function focusIn(inputs: Iterable<HTMLInputElement>, from: HTMLInputElement, step: number): boolean {
  const all = [...inputs];
  const next = all[all.indexOf(from) + step];
  next?.focus();
  next?.select();
  return next !== undefined;
}

/** Whether an arrow would leave the text: the caret stands at that end of it, or all of it is chosen. */
function leaves({ value, selectionStart, selectionEnd }: HTMLInputElement, step: number): boolean {
  const all = selectionStart === 0 && selectionEnd === value.length;
  return all || (selectionStart === selectionEnd && selectionEnd === (step < 0 ? 0 : value.length));
}

type Props = {
  row: GradebookRow;
  exam: Exam;
  cell: Cell | undefined;
  /** Resolves when the score is kept on the device. */
  onSave: (value: string | null) => Promise<void>;
  onWrong: (typed: string | null) => void;
  onPaste: (text: string) => void;
  onPutBack: () => void;
  onInsist: () => void;
};

/** One score: digits replace, Enter saves and goes down, arrows go where they point, Esc puts back, leaving the cell saves. */
export function ScoreCell({ row, exam, cell, onSave, onWrong, onPaste, onPutBack, onInsist }: Props) {
  const stored = cell?.state === "wrong" ? (cell.value ?? "") : plain(cell ? cell.value : row.scores[exam.exam]);
  const [typed, setTyped] = useState<string | null>(null);
  // Given up to be kept, and shown until it is: a cell never falls back to what it held before.
  const given = useRef<string | null>(null);
  const whyId = useId();

  const save = async (text: string, value: string | null) => {
    given.current = text;
    await onSave(value);
    given.current = null;
    setTyped((now) => (now === text ? null : now));
  };
  const commit = (): boolean => {
    if (typed === null) return cell?.state !== "wrong";
    if (typed === given.current) return true;
    const read = readScore(typed, exam.max);
    onWrong(read ? null : typed);
    const isNew =
      read !== null &&
      (plain(read.value) !== plain(row.scores[exam.exam]) || (cell && plain(read.value) !== plain(cell.value)) || cell?.why);
    if (isNew) void save(typed, read.value);
    else setTyped(null);
    return read !== null;
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    const down = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const right = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (down) {
      event.preventDefault();
      if (commit()) focusIn(document.querySelectorAll<HTMLInputElement>(`input[data-exam="${exam.exam}"]`), input, down);
    } else if (right && leaves(input, right)) {
      // Leaving the cell saves it.
      if (focusIn(document.querySelectorAll<HTMLInputElement>(`input[data-cadet="${row.cadet_id}"]`), input, right))
        event.preventDefault();
    } else if (event.key === "Escape") {
      setTyped(null);
      onPutBack();
    }
  };
  return (
    <span className={styles.score}>
      {cell?.state === "waiting" ? (
        <Icon name="arrowUp" small className={styles.saving} />
      ) : cell?.why ? (
        <Icon name="warning" small className={styles.bad} />
      ) : null}
      <input
        inputMode="decimal"
        autoComplete="off"
        data-exam={exam.exam}
        data-cadet={row.cadet_id}
        aria-label={words.scoreOf(exam.label, row.name)}
        aria-invalid={cell?.why ? true : undefined}
        aria-describedby={cell?.why ? whyId : undefined}
        placeholder="–"
        value={typed ?? stored}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.target.value)}
        onPaste={(event) => {
          const text = event.clipboardData.getData("text");
          if (!/[\t\r\n]/.test(text.trim())) return;
          event.preventDefault();
          setTyped(null);
          onPaste(text);
        }}
        onKeyDown={onKey}
        onBlur={() => void commit()}
      />
      {cell?.why ? (
        <span id={whyId} className={styles.why} role="alert">
          {cell.theirs ? words.bothValues(plain(cell.theirs.value), formatTime(cell.theirs.occurred_at)) : cell.why}
        </span>
      ) : null}
      {cell?.theirs ? (
        <span className={styles.choice} role="group" aria-label={words.scoreOf(exam.label, row.name)}>
          <Button tiny onClick={onPutBack}>
            {words.keepTheirs(plain(cell.theirs.value))}
          </Button>
          <Button tiny onClick={onInsist}>
            {words.useMine(plain(cell.value))}
          </Button>
        </span>
      ) : null}
    </span>
  );
}
