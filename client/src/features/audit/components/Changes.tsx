import { audit as words } from "@/messages/audit";
import { changesOf, type Entry } from "../api/audit";
import styles from "./audit.module.css";

/** What an entry changed, field by field: struck through what stood there, then what stands there. */
export function Changes({ entry }: { entry: Entry }) {
  const replaces = entry.action === "changed";
  return (
    <dl className={styles.changes}>
      {changesOf(entry).map(({ field, before, after }) => (
        <div key={field}>
          <dt className="small">{words.field(field)}</dt>
          <dd>
            {replaces || before !== null ? <del>{before ?? words.nothing}</del> : null}
            {replaces ? " → " : null}
            {replaces || after !== null ? <ins>{after ?? words.nothing}</ins> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
