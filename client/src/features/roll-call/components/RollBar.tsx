import { Button, Icon, StatusSign, type AttendanceStatus } from "@/components/ui";
import { common } from "@/messages/common";
import { rollCall as words } from "@/messages/roll-call";
import { MARKS } from "@/types/domain";
import type { QueueState } from "../mark-queue";
import type { Shown } from "../use-roll-call";
import styles from "./roll-call.module.css";

const KINDS = MARKS.filter((mark) => mark !== "none");

type Props = {
  last: Shown | undefined;
  lastStep: string | undefined;
  state: QueueState;
  onKind: (status: AttendanceStatus) => void;
  onUndo: () => void;
  onFlush: () => void;
};

/** Refines the last row touched, takes back, and says whether the server has everything. */
export function RollBar({ last, lastStep, state, onKind, onUndo, onFlush }: Props) {
  const waiting = state.waiting.length;
  return (
    <div className={styles.bar}>
      {last ? (
        <div className={styles.kinds} role="group" aria-label={words.setLast(last.name)}>
          {KINDS.map((kind) => (
            <button
              key={kind}
              type="button"
              className={styles.kind}
              aria-pressed={last.shown === kind}
              onClick={() => onKind(kind)}
            >
              <StatusSign status={kind} />
              <span aria-hidden="true">{common.status[kind]}</span>
            </button>
          ))}
        </div>
      ) : null}
      <div className={styles.strip}>
        <span className="grow" role="status" aria-live="polite">
          {last ? <b>{words.last(last.name, common.status[last.shown])}</b> : words.tapHint}
          <br />
          {waiting === 0 ? (
            <span className="small">
              <Icon name="check" small /> {words.saved}
            </span>
          ) : (
            <span className={`small ${styles.waiting}`}>
              <Icon name={state.failedSince ? "offline" : "arrowUp"} small /> {state.failedSince ? `${words.kept}. ` : ""}
              {words.waiting(waiting)}
            </span>
          )}
        </span>
        {state.failedSince ? (
          <Button tiny icon="refresh" onClick={onFlush}>
            {words.retry}
          </Button>
        ) : null}
        {lastStep ? (
          <Button icon="undo" onClick={onUndo}>
            {words.undo}
            <span className="sr-only">: {lastStep}</span>
          </Button>
        ) : null}
      </div>
    </div>
  );
}
