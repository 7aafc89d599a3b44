import { conflicts as words } from "@/messages/import-conflicts";
import type { RosterImport } from "../api/imports";
import styles from "./imports.module.css";

/** Whom an undo left on the roster, and why; nothing when it left nobody. */
export function KeptCadets({ kept }: { kept: NonNullable<RosterImport["kept"]> }) {
  if (kept.length === 0) return null;
  return (
    <div className={styles.notice} role="status">
      <b>{words.kept(kept.length)}</b>
      <ul>
        {kept.map((one) => (
          <li key={one.cadet_id}>
            {one.name} ({one.student_id}): {one.reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
