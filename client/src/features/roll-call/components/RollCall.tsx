import { useRef, useState, type KeyboardEvent } from "react";
import { Button, EmptyState, QueryView, SkeletonRows, StatusSign, type AttendanceStatus } from "@/components/ui";
import { common } from "@/messages/common";
import { rollCall as words } from "@/messages/roll-call";
import type { RollFilter } from "../api/roll";
import { useRollCall } from "../use-roll-call";
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

/** Everyone present, then one tap for each absentee; no Save. Sums update in place and the list never re-sorts. */
export function RollCall({ dayId, filter }: { dayId: string; filter: RollFilter }) {
  const roll = useRollCall(dayId, filter);
  const [lastId, setLastId] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const { rows } = roll;
  const last = rows.find((row) => row.cadet_id === lastId);
  const unmarked = rows.filter((row) => row.shown === "none");
  const here = rows.filter((row) => row.shown === "present" || row.shown === "late").length;

  const set = (cadetId: number, status: AttendanceStatus) => {
    const row = rows.find((one) => one.cadet_id === cadetId);
    if (!row) return;
    setLastId(cadetId);
    if (row.shown !== status) roll.mark([{ cadet_id: cadetId, status }], words.last(row.name, common.status[status]));
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
    roll.mark(
      unmarked.map((row) => ({ cadet_id: row.cadet_id, status: "present" as const })),
      words.many(unmarked.length, common.status.present.toLowerCase()),
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
                <span className={styles.counts}>
                  {EXCEPTIONS.map((status) => (
                    <span key={status}>
                      <StatusSign status={status} /> <b className="num">{rows.filter((row) => row.shown === status).length}</b>
                    </span>
                  ))}
                </span>
              </div>
              {roll.state.refused.length > 0 ? (
                <div className={styles.failed} role="alert">
                  <b>{words.failed(roll.state.refused.length)}.</b> {roll.state.refused[0]!.message} {words.failedWhy}{" "}
                  <Button tiny onClick={roll.putAwayRefused}>
                    {words.dismiss}
                  </Button>
                </div>
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
          </div>
        )
      }
    </QueryView>
  );
}
