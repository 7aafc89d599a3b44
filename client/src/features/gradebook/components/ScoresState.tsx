import { Icon } from "@/components/ui";
import { formatTime } from "@/lib/format";
import { gradebook as words } from "@/messages/gradebook";
import { offline } from "@/messages/offline";
import type { Scores } from "../use-scores";
import styles from "./gradebook.module.css";

/** Whether the server has every score of this page's term, and what stands in the way. */
export function ScoresState({ scores: { counts, state } }: { scores: Scores }) {
  return (
    <span role="status" aria-live="polite">
      {counts.failed > 0 ? <b className={styles.bad}>{words.notSaved(counts.failed)} </b> : null}
      {counts.waiting > 0 ? (
        <span className={styles.saving}>
          {words.saving(counts.waiting)}
          {state.stalled ? `. ${offline.stalled[state.stalled.why]}` : ""}
        </span>
      ) : counts.failed === 0 && state.arrivedAt ? (
        <>
          <Icon name="check" small /> {words.savedAt(formatTime(state.arrivedAt))}
        </>
      ) : null}
    </span>
  );
}
