import { Button } from "@/components/ui";
import { formatDate } from "@/lib/format";
import { accounts as words } from "@/messages/accounts";
import type { IssuedCodes } from "../api/accounts";
import styles from "./accounts.module.css";

/** Cards to cut and hand out. On paper nothing else of the page is printed. */
export function CodeCards({ issued }: { issued: IssuedCodes }) {
  if (issued.codes.length === 0) return <p role="status">{words.noneWaiting}</p>;
  return (
    <div className="stack">
      <div className={`row between ${styles.noPrint}`}>
        <p role="status">
          <b>{words.made(issued.codes.length)}.</b> {words.onlyNow}{" "}
          {issued.skipped.length > 0 ? words.skipped(issued.skipped.length) : null}
        </p>
        <Button icon="report" onClick={() => window.print()}>
          {words.print}
        </Button>
      </div>
      <ul className={styles.cards}>
        {issued.codes.map((one) => (
          <li key={one.user_id} className={styles.card}>
            <span className="small">{words.card.lead}</span>
            <b>{one.name}</b>
            <span>{one.company ?? ""}</span>
            <dl>
              <div>
                <dt>{words.card.username}</dt>
                <dd className="num">{one.username}</dd>
              </div>
              <div>
                <dt>{words.card.code}</dt>
                <dd className={styles.code}>{one.code}</dd>
              </div>
            </dl>
            <span className="small">
              {words.card.where} {words.card.expires(formatDate(one.expires_at))}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
