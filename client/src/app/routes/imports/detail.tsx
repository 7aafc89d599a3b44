import { useRef, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Button, ButtonLink, Icon, QueryView, SkeletonRows, useToast } from "@/components/ui";
import { paths } from "@/config/paths";
import { useCorrectImport, useImport, useImportStep, type ImportDetail, type ImportRow } from "@/features/imports/api/imports";
import { DateQuestion } from "@/features/imports/components/DateQuestion";
import { DiscardImport } from "@/features/imports/components/DiscardImport";
import { FileSheets } from "@/features/imports/components/FileSheets";
import { ImportConflicts, OpenConflicts } from "@/features/imports/components/ImportConflicts";
import { ImportFilters } from "@/features/imports/components/ImportFilters";
import { ImportRows } from "@/features/imports/components/ImportRows";
import styles from "@/features/imports/components/imports.module.css";
import { KeptCadets } from "@/features/imports/components/KeptCadets";
import { MendRow } from "@/features/imports/components/MendRow";
import { RefusedRows } from "@/features/imports/components/RefusedRows";
import { UndoImport, type Refusal } from "@/features/imports/components/UndoImport";
import { refusedCount, rowCount, rowsOf, toApply, type RowFilter } from "@/features/imports/filter-rows";
import { ApiError } from "@/lib/api-error";
import { messageOf } from "@/lib/error-words";
import { imports as words } from "@/messages/imports";

function Review({ found, refused }: { found: ImportDetail; refused: Refusal[] }) {
  const [params, setParams] = useSearchParams();
  const filter = (params.get("show") ?? "all") as RowFilter;
  const correct = useCorrectImport(found);
  const toast = useToast();
  const rows = useRef<HTMLDivElement>(null);
  const [mending, setMending] = useState<ImportRow | null>(null);
  const open = found.status === "preview";
  const leave = (row: ImportRow, out: boolean) =>
    correct.mutate(
      { rows: [{ sheet: row.sheet, row: row.row, left_out: out }] },
      {
        onSuccess: () => {
          // The row may have gone to another list together with the button that was pressed.
          if (document.activeElement === document.body) rows.current?.focus();
          if (out) toast({ message: words.leftOut(words.sheetRow(row.sheet, row.row)) });
        },
      },
    );
  return (
    <>
      <div className={styles.strip}>
        <span>
          <Icon name="file" small /> <b>{found.filename}</b>{" "}
          <span className="muted">
            {words.read(rowCount(found.summary), found.layout.sheets.filter((one) => one.read).length)}
          </span>
        </span>
        {open ? <span className="muted">{words.nothingWritten}</span> : null}
      </div>
      <FileSheets found={found} busy={correct.isPending} onRead={(name, read) => correct.mutate({ sheets: { [name]: read } })} />
      {open ? (
        <DateQuestion
          dates={found.layout.dates}
          busy={correct.isPending}
          onAnswer={(order) => correct.mutate({ date_order: order })}
        />
      ) : null}
      {correct.error && !mending ? (
        <p className={styles.notice} role="alert">
          {correct.error instanceof ApiError && correct.error.status === 412 ? words.changedMeanwhile : messageOf(correct.error)}
        </p>
      ) : null}
      {found.status === "applied" ? (
        <p className={styles.done} role="status">
          <Icon name="check" /> {words.applied(found.summary.create, found.summary.update)}
        </p>
      ) : null}
      {found.status === "undone" ? (
        <p className={styles.done} role="status">
          <Icon name="undo" /> {words.undone}
        </p>
      ) : null}
      {refused.length > 0 ? (
        <div className={styles.notice} role="alert">
          <b>{words.undoRefused}</b>
          <ul>
            {refused.map((one) => (
              <li key={one.cadet_id}>
                {one.name}: {one.reason}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <KeptCadets kept={found.kept ?? []} />
      {filter === "conflict" ? null : <OpenConflicts found={found} onShow={() => setParams({ show: "conflict" })} />}
      <ImportFilters
        summary={found.summary}
        value={filter}
        onChange={(show) => setParams(show === "all" ? {} : { show }, { replace: true })}
      />
      <RefusedRows id={found.id} count={refusedCount(found.summary) + (found.summary.conflict ?? 0)} />
      <div ref={rows} tabIndex={-1} className={styles.rows}>
        {filter === "conflict" ? (
          <ImportConflicts found={found} />
        ) : (
          <ImportRows
            key={filter}
            rows={rowsOf(found.rows, filter)}
            sheets={found.layout.sheets.filter((one) => one.read).length}
            actions={open ? { onMend: setMending, onLeave: leave, busy: correct.isPending } : undefined}
          />
        )}
      </div>
      {mending ? <MendRow found={found} row={mending} onClose={() => setMending(null)} /> : null}
    </>
  );
}

function whyNotApplied(error: unknown): string {
  if (!(error instanceof ApiError)) return messageOf(error);
  if (error.code === "import_stale") return words.stale;
  return error.status === 412 ? words.changedMeanwhile : messageOf(error);
}

export function Component() {
  const { importId = "" } = useParams();
  const query = useImport(importId);
  const apply = useImportStep(importId, "apply");
  const [refused, setRefused] = useState<Refusal[]>([]);
  const found = query.data;
  const count = found ? toApply(found.summary) : 0;
  const problem = apply.error ? whyNotApplied(apply.error) : null;
  const actions = found ? (
    <>
      <ButtonLink to={paths.imports} icon="upload">
        {words.another}
      </ButtonLink>
      {found.status === "preview" ? <DiscardImport id={importId} filename={found.filename} /> : null}
      {found.status === "applied" ? <UndoImport id={importId} count={count} onRefused={setRefused} /> : null}
      {found.status === "preview" && count > 0 ? (
        <Button look="primary" busy={apply.isPending} onClick={() => apply.mutate(found.revision)}>
          {words.apply(count)}
        </Button>
      ) : null}
    </>
  ) : undefined;
  return (
    <Page title={words.title} parent={{ to: paths.imports, label: words.listTitle }} layout="table" actions={actions}>
      {problem ? (
        <p className={styles.notice} role="alert">
          {problem}
        </p>
      ) : null}
      {found?.status === "preview" && count === 0 ? (
        <p className={styles.strip}>{found.rows.length === 0 ? words.nothingRead : words.nothingToApply}</p>
      ) : null}
      <QueryView query={query} what={words.one} skeleton={<SkeletonRows rows={14} columns={5} />}>
        {(data) => <Review found={data} refused={refused} />}
      </QueryView>
    </Page>
  );
}
