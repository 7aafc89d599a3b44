import { useState } from "react";
import { Button, Chip, DataTable, EmptyState, Pagination, type Column, type IconName, type Tone } from "@/components/ui";
import { orDash } from "@/lib/format";
import { imports as words } from "@/messages/imports";
import type { ImportAction, ImportRow } from "../api/imports";
import { isRefused } from "../filter-rows";
import styles from "./imports.module.css";

const LOOK: Record<ImportAction, { tone: Tone; icon: IconName }> = {
  create: { tone: "ok", icon: "plus" },
  update: { tone: "info", icon: "edit" },
  unchanged: { tone: "plain", icon: "equal" },
  conflict: { tone: "wait", icon: "warning" },
  invalid: { tone: "bad", icon: "warning" },
  duplicate: { tone: "bad", icon: "warning" },
  left_out: { tone: "plain", icon: "minus" },
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
        <span key={reason.code} className={isRefused(row) ? styles.bad : "muted"}>
          {reason.message}
        </span>
      ))}
    </div>
  );
}

/** What somebody may do with a row of a preview. */
export type RowActions = { onMend: (row: ImportRow) => void; onLeave: (row: ImportRow, out: boolean) => void; busy: boolean };

function RowButtons({ row, actions: { onMend, onLeave, busy } }: { row: ImportRow; actions: RowActions }) {
  if (row.action === "ignored") return null;
  const place = words.sheetRow(row.sheet, row.row);
  const out = row.action === "left_out";
  return (
    <span className={styles.buttons}>
      {row.given && !out ? (
        <Button tiny icon="edit" aria-label={words.mendPlace(place)} onClick={() => onMend(row)}>
          {words.mend}
        </Button>
      ) : null}
      <Button
        tiny
        look="quiet"
        icon={out ? "undo" : "minus"}
        disabled={busy}
        aria-label={out ? words.takeInPlace(place) : words.leavePlace(place)}
        onClick={() => onLeave(row, !out)}
      >
        {out ? words.takeIn : words.leave}
      </Button>
    </span>
  );
}

const unitOf = (row: ImportRow) => [row.company, row.platoon].filter(Boolean).join(", ");

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
  {
    id: "unit",
    header: words.columns.unit,
    show: "wide",
    cell: (row) => <span className="muted">{unitOf(row) || orDash(null)}</span>,
  },
  { id: "change", fill: true, header: words.columns.change, cell: (row) => <Changes row={row} /> },
];

const sheetColumn: Column<ImportRow> = {
  id: "sheet",
  header: words.columns.sheet,
  cell: (row) => <span className="muted">{row.sheet}</span>,
};

/** What the file would do, row by row, a hundred at a time; with `actions` rows can be mended and left out. */
export function ImportRows({
  rows,
  sheets,
  actions,
}: {
  rows: readonly ImportRow[];
  sheets: number;
  actions: RowActions | undefined;
}) {
  const [page, setPage] = useState(1);
  const all = [
    columns[0]!,
    ...(sheets > 1 ? [sheetColumn] : []),
    ...columns.slice(1),
    ...(actions ? [{ id: "actions", header: "", cell: (row: ImportRow) => <RowButtons row={row} actions={actions} /> }] : []),
  ];
  if (rows.length === 0) return <EmptyState icon="file" title={words.noRows} />;
  const shown = rows.slice((page - 1) * LIMIT, page * LIMIT);
  return (
    <DataTable
      caption={words.columns.what}
      columns={all}
      rows={shown}
      rowKey={key}
      rowTone={(row) => (isRefused(row) ? "bad" : row.action === "conflict" ? "wait" : undefined)}
      phone={(row) => (
        <div className="stack-small">
          <div className="row between">
            <span className="strong">{orDash(row.name)}</span>
            <Action action={row.action} />
          </div>
          <div className="small muted num">
            {[orDash(row.student_id), unitOf(row), words.sheetRow(row.sheet, row.row)].filter(Boolean).join(" · ")}
          </div>
          <Changes row={row} />
          {actions ? <RowButtons row={row} actions={actions} /> : null}
        </div>
      )}
      footer={<Pagination page={page} limit={LIMIT} total={rows.length} onPage={setPage} />}
    />
  );
}
