import { classes, Icon, StatusSign } from "@/components/ui";
import { common } from "@/messages/common";
import { rollCall as words } from "@/messages/roll-call";
import type { Shown } from "../use-roll-call";
import styles from "./roll-call.module.css";

/** The next tap: a presence becomes an absence, anything else becomes a presence. */
export const nextTap = (status: Shown["shown"]): "present" | "absent" => (status === "present" ? "absent" : "present");

export function RollRowButton({
  row,
  number,
  isLast,
  onTap,
}: {
  row: Shown;
  number: number;
  isLast: boolean;
  onTap: () => void;
}) {
  const next = nextTap(row.shown);
  return (
    <button
      type="button"
      className={classes(styles.row, isLast && styles.last)}
      data-status={row.shown}
      data-cadet={row.cadet_id}
      onClick={onTap}
    >
      <span className={styles.no}>{number}</span>
      <span className={styles.name}>
        <span className="strong">{row.name}</span> <span className={styles.number}>{row.student_id}</span>
        {row.refused ? <span className={styles.why}>{words.refused(row.refused)}</span> : null}
      </span>
      {row.waiting ? <Icon name="arrowUp" small className={styles.waiting} /> : null}
      <StatusSign status={row.shown} word />
      <span className="sr-only">. {words.next(common.status[next])}</span>
    </button>
  );
}
