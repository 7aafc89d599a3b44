import { useState } from "react";
import { Chip, DataTable, EmptyState, Pagination, type Column, type IconName, type Tone } from "@/components/ui";
import { orDash } from "@/lib/format";
import { imports as words } from "@/messages/imports";
import type { ImportAction, ImportRow } from "../api/imports";
import styles from "./imports.module.css";

const LOOK: Record<ImportAction, { tone: Tone; icon: IconName }> = {
  create: { tone: "ok", icon: "plus" },
  update: { tone: "info", icon: "edit" },
  unchanged: { tone: "plain", icon: "equal" },
  conflict: { tone: "wait", icon: "warning" },
  invalid: { tone: "bad", icon: "warning" },
  duplicate: { tone: "bad", icon: "warning" },
  ignored: { tone: "plain", icon: "minus" },
};
const LIMIT = 100;

const key = (row: ImportRow) => `${row.sheet}:${row.row}`;

function Action({ action }: { action: ImportAction }) {
  return <Chip {...LOOK[action]}>{words.action[action]}</Chip>;
}

function Changes({ row }: { row: ImportRow }) {
  const changes = Object.entries(row.changes);
  return (
    <div className={styles.changes}>
      {row.action === "update"
        ? changes.map(([field, [before, after]]) => (
            <span key={field} className="nowrap">
              <span className="small muted">{words.fields[field] ?? field}</span>{" "}
              <del>
                <span className="sr-only">{words.before} </span>
                {orDash(before)}
              </del>{" "}
              <span aria-hidden="true">→</span>{" "}
              <ins>
                <span className="sr-only">{words.after} </span>
                {orDash(after)}
              </ins>
            </span>
          ))
        : null}
      {row.action === "create" ? <span className="muted">{words.newCadet}</span> : null}
      {row.action === "unchanged" ? <span className="muted">{words.same}</span> : null}
      {row.reasons.map((reason) => (
        <span key={reason.code} className={row.action === "invalid" || row.action === "duplicate" ? styles.bad : "muted"}>
          {reason.message}
        </span>
      ))}
    </div>
  );
}

const columns: Column<ImportRow>[] = [
  {
    id: "row",
    header: words.columns.row,
    numeric: true,
    cell: (row) => (
      <span className="muted num" title={words.sheetRow(row.sheet, row.row)}>
        {row.row}
      </span>
    ),
  },
  { id: "what", header: words.columns.what, cell: (row) => <Action action={row.action} /> },
  { id: "student", header: words.columns.studentId, cell: (row) => <span className="num">{orDash(row.student_id)}</span> },
  { id: "cadet", header: words.columns.cadet, cell: (row) => <span className="strong">{orDash(row.name)}</span> },
  { id: "change", fill: true, header: words.columns.change, cell: (row) => <Changes row={row} /> },
];

/** What the file would do, row by row, a hundred at a time. */
export function ImportRows({ rows }: { rows: readonly ImportRow[] }) {
  const [page, setPage] = useState(1);
  if (rows.length === 0) return <EmptyState icon="file" title={words.noRows} />;
  const shown = rows.slice((page - 1) * LIMIT, page * LIMIT);
  return (
    <DataTable
      caption={words.columns.what}
      columns={columns}
      rows={shown}
      rowKey={key}
      rowTone={(row) => (row.action === "invalid" || row.action === "duplicate" ? "bad" : undefined)}
      phone={(row) => (
        <div className="stack-small">
          <div className="row between">
            <span className="strong">{orDash(row.name)}</span>
            <Action action={row.action} />
          </div>
          <div className="small muted num">
            {orDash(row.student_id)} · {words.sheetRow(row.sheet, row.row)}
          </div>
          <Changes row={row} />
        </div>
      )}
      footer={<Pagination page={page} limit={LIMIT} total={rows.length} onPage={setPage} />}
    />
  );
}
