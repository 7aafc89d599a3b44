import { useRef, useState, type KeyboardEvent } from "react";
import { Button, EmptyState, QueryView, SkeletonRows, StatusSign, type AttendanceStatus } from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { formatDay, todayInManila } from "@/lib/format";
import { common } from "@/messages/common";
import { rollCall as words } from "@/messages/roll-call";
import type { RollDay, RollFilter } from "../api/roll";
import { useRollCall, type Wanted } from "../use-roll-call";
import { RollBar } from "./RollBar";
import { nextTap, RollRowButton } from "./RollRowButton";
import styles from "./roll-call.module.css";

const KEYS: Record<string, AttendanceStatus> = {
  p: "present",
  l: "late",
  e: "excused",
  d: "duty",
  a: "absent",
  backspace: "none",
};
const EXCEPTIONS: readonly AttendanceStatus[] = ["late", "excused", "duty", "absent"];

type Question = { title: string; body: string; confirm: string; wanted: Wanted[]; what: string };

/** Everyone present, then one tap for each absentee; no Save. Sums update in place and the list never re-sorts. */
export function RollCall({ day, filter }: { day: RollDay; filter: RollFilter }) {
  const roll = useRollCall(day, filter);
  const [lastId, setLastId] = useState<number | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const agreed = useRef(false);
  const list = useRef<HTMLDivElement>(null);
  const { rows } = roll;
  const last = rows.find((row) => row.cadet_id === lastId);
  const unmarked = rows.filter((row) => row.shown === "none");
  const here = rows.filter((row) => row.shown === "present" || row.shown === "late").length;
  const refused = rows.filter((row) => row.refused !== null).length;

  /** Marks at once, unless it is more than one person is likely to mean: many platoons, or a day that has not come. */
  const mark = (wanted: Wanted[], what: string, platoons = 1) => {
    const ahead = day.date > todayInManila();
    if (platoons > 1) setQuestion({ ...words.manyPlatoons(wanted.length, platoons, ahead && formatDay(day.date)), wanted, what });
    else if (ahead && !agreed.current) setQuestion({ ...words.futureDay(formatDay(day.date)), wanted, what });
    else roll.mark(wanted, what);
  };
  const agree = () => {
    agreed.current = true;
    if (question) roll.mark(question.wanted, question.what);
  };
  const set = (cadetId: number, status: AttendanceStatus) => {
    const row = rows.find((one) => one.cadet_id === cadetId);
    if (!row) return;
    setLastId(cadetId);
    if (row.shown !== status) mark([{ cadet_id: cadetId, status }], words.last(row.name, common.status[status]));
  };
  const onKey = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>("[data-cadet]") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const status = KEYS[event.key.toLowerCase()];
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey || (!step && !status)) return;
    event.preventDefault();
    if (status) set(Number(buttons[at]!.dataset["cadet"]), status);
    buttons[at + (step || 1)]?.focus();
  };
  const allPresent = () =>
    mark(
      unmarked.map((row) => ({ cadet_id: row.cadet_id, status: "present" as const })),
      words.many(unmarked.length, common.status.present.toLowerCase()),
      new Set(unmarked.map((row) => `${row.company}/${row.platoon}`)).size,
    );

  return (
    <QueryView query={roll.query} what={words.what} skeleton={<SkeletonRows rows={12} columns={3} />}>
      {() =>
        rows.length === 0 ? (
          <EmptyState icon="people" title={words.empty}>
            <p>{words.emptyBody}</p>
          </EmptyState>
        ) : (
          <div className={styles.roll} data-sizes="field">
            <div>
              <div className={styles.sums}>
                <span>
                  <span className={styles.here}>{here}</span> {words.of} {rows.length} {words.here1}
                </span>
                {unmarked.length > 0 ? (
                  <Button look="primary" onClick={allPresent}>
                    {unmarked.length === rows.length ? words.allPresent(rows.length) : words.restPresent(unmarked.length)}
                  </Button>
                ) : null}
                <span className={styles.counts} data-none={rows.some((row) => EXCEPTIONS.includes(row.shown)) ? undefined : ""}>
                  {EXCEPTIONS.map((status) => (
                    <span key={status}>
                      <StatusSign status={status} /> <b className="num">{rows.filter((row) => row.shown === status).length}</b>
                    </span>
                  ))}
                </span>
              </div>
              {refused > 0 ? (
                <p className={styles.failed} role="alert">
                  {words.failed(refused)}
                </p>
              ) : null}
            </div>
            <div ref={list} className={styles.list} onKeyDown={onKey} role="group" aria-label={words.what}>
              {rows.map((row, index) => (
                <RollRowButton
                  key={row.cadet_id}
                  row={row}
                  number={index + 1}
                  isLast={row.cadet_id === lastId}
                  onTap={() => set(row.cadet_id, nextTap(row.shown))}
                />
              ))}
            </div>
            <RollBar
              last={last}
              lastStep={roll.lastStep}
              state={roll.state}
              onUndo={roll.undo}
              onFlush={() => void roll.flush()}
              onKind={(status) => lastId !== null && set(lastId, status)}
            />
            {question ? (
              <ConfirmDialog
                open
                onClose={() => setQuestion(null)}
                title={question.title}
                body={question.body}
                confirm={question.confirm}
                keep={common.cancel}
                onConfirm={agree}
              />
            ) : null}
          </div>
        )
      }
    </QueryView>
  );
}
