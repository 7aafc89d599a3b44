import { useState } from "react";
import { Button, classes, EmptyState, Icon, Pagination } from "@/components/ui";
import { conflicts as words } from "@/messages/import-conflicts";
import { conflictsOf } from "../api/decisions";
import type { ImportDetail } from "../api/imports";
import { ConflictCard } from "./ConflictCard";
import styles from "./conflicts.module.css";

const LIMIT = 20;

/** Says that somebody must decide, and leads there; nothing while nothing waits. */
export function OpenConflicts({ found, onShow }: { found: ImportDetail; onShow: () => void }) {
  const count = found.summary.conflict ?? 0;
  if (count === 0 || found.status !== "preview") return null;
  return (
    <div className={styles.open} role="status">
      <span>
        <Icon name="warning" small /> {words.open(count)}
      </span>
      <Button tiny onClick={onShow}>
        {words.decide}
      </Button>
    </div>
  );
}

/** Every row that may be somebody else, decided or not, to be decided one by one. */
export function ImportConflicts({ found }: { found: ImportDetail }) {
  const [page, setPage] = useState(1);
  const rows = conflictsOf(found.rows);
  if (rows.length === 0) return <EmptyState icon="check" title={words.none} />;
  const open = found.status === "preview";
  const waiting = rows.filter((row) => row.decision === null).length;
  return (
    <section className="pad stack" aria-labelledby="import-conflicts">
      <div className="stack-small">
        <h2 id="import-conflicts">{words.title}</h2>
        <p className={styles.hint}>{words.hint}</p>
        {open ? <p className={classes("small", "muted", styles.keys)}>{words.keys}</p> : null}
        {open && waiting > 0 ? (
          <p className="strong" role="status">
            {words.left(waiting)}
          </p>
        ) : null}
      </div>
      <ul className="stack">
        {rows.slice((page - 1) * LIMIT, page * LIMIT).map((row) => (
          <ConflictCard key={`${row.sheet}:${row.row}`} row={row} importId={found.id} open={open} />
        ))}
      </ul>
      <Pagination page={page} limit={LIMIT} total={rows.length} onPage={setPage} />
    </section>
  );
}
