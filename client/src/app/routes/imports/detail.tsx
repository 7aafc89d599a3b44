import { useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Button, ButtonLink, Icon, QueryView, SkeletonRows } from "@/components/ui";
import { paths } from "@/config/paths";
import { useImport, useImportStep, type ImportDetail } from "@/features/imports/api/imports";
import { ImportConflicts, OpenConflicts } from "@/features/imports/components/ImportConflicts";
import { ImportFilters } from "@/features/imports/components/ImportFilters";
import { ImportRows } from "@/features/imports/components/ImportRows";
import styles from "@/features/imports/components/imports.module.css";
import { KeptCadets } from "@/features/imports/components/KeptCadets";
import { UndoImport, type Refusal } from "@/features/imports/components/UndoImport";
import { rowsOf, toApply, type RowFilter } from "@/features/imports/filter-rows";
import { ApiError } from "@/lib/api-error";
import { messageOf } from "@/lib/error-words";
import { imports as words } from "@/messages/imports";

function Review({ found, refused }: { found: ImportDetail; refused: Refusal[] }) {
  const [params, setParams] = useSearchParams();
  const filter = (params.get("show") ?? "all") as RowFilter;
  return (
    <>
      <div className={styles.strip}>
        <span>
          <Icon name="file" small /> <b>{found.filename}</b>{" "}
          {found.warnings.unknown_columns.length > 0
            ? words.unknownColumns(found.warnings.unknown_columns.map((one) => one.column).join(", "))
            : ""}
        </span>
        {found.status === "preview" ? <span className="muted">{words.nothingWritten}</span> : null}
      </div>
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
      {filter === "conflict" ? <ImportConflicts found={found} /> : <ImportRows key={filter} rows={rowsOf(found.rows, filter)} />}
    </>
  );
}

export function Component() {
  const { importId = "" } = useParams();
  const query = useImport(importId);
  const apply = useImportStep(importId, "apply");
  const [refused, setRefused] = useState<Refusal[]>([]);
  const found = query.data;
  const count = found ? toApply(found.summary) : 0;
  const problem =
    apply.error instanceof ApiError && apply.error.code === "import_stale"
      ? words.stale
      : apply.error
        ? messageOf(apply.error)
        : null;
  const actions = found ? (
    <>
      <ButtonLink to={paths.imports} icon="upload">
        {words.another}
      </ButtonLink>
      {found.status === "applied" ? <UndoImport id={importId} count={count} onRefused={setRefused} /> : null}
      {found.status === "preview" && count > 0 ? (
        <Button look="primary" busy={apply.isPending} onClick={() => apply.mutate()}>
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
      {found?.status === "preview" && count === 0 ? <p className={styles.strip}>{words.nothingToApply}</p> : null}
      <QueryView query={query} what={words.one} skeleton={<SkeletonRows rows={14} columns={5} />}>
        {(data) => <Review found={data} refused={refused} />}
      </QueryView>
    </Page>
  );
}
