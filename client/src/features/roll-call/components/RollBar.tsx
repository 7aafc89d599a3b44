import { Button, Icon, StatusSign, type AttendanceStatus } from "@/components/ui";
import type { QueueState } from "@/lib/offline/state";
import { common } from "@/messages/common";
import { offline } from "@/messages/offline";
import { rollCall as words } from "@/messages/roll-call";
import { MARKS } from "@/types/domain";
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

function Sent({ state }: { state: QueueState }) {
  const waiting = state.waiting.length;
  if (waiting === 0)
    return (
      <span className="small">
        <Icon name="check" small /> {words.saved}
      </span>
    );
  return (
    <span className={`small ${styles.waiting}`}>
      <Icon name={state.stalled ? "offline" : "arrowUp"} small /> {state.stalled ? `${offline.stalled[state.stalled.why]}. ` : ""}
      {offline.waiting(waiting)}
    </span>
  );
}

/** Refines the last row touched, takes back, and says whether the server has everything. */
export function RollBar({ last, lastStep, state, onKind, onUndo, onFlush }: Props) {
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
              <span aria-hidden="true">{words.short[kind] ?? common.status[kind]}</span>
            </button>
          ))}
        </div>
      ) : null}
      <div className={styles.strip}>
        <span className="grow" role="status" aria-live="polite">
          {last ? <b>{words.last(last.name, common.status[last.shown])}</b> : words.tapHint}
          <br />
          <Sent state={state} />
        </span>
        {state.stalled ? (
          <span className={styles.sendNow}>
            <Button tiny icon="refresh" onClick={onFlush}>
              {offline.sendNow}
            </Button>
          </span>
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
