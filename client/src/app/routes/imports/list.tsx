import { useNavigate } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Chip, DataTable, EmptyState, QueryView, SkeletonRows, type Column, type Tone } from "@/components/ui";
import { FileDrop } from "@/components/ui/FileDrop";
import { paths } from "@/config/paths";
import { useImports, usePreviewImport, type ImportStatus, type RosterImport } from "@/features/imports/api/imports";
import styles from "@/features/imports/components/imports.module.css";
import { ApiError } from "@/lib/api-error";
import { messageOf } from "@/lib/error-words";
import { formatMoment } from "@/lib/format";
import { imports as words } from "@/messages/imports";
import { navigation } from "@/messages/navigation";
import { MOST_ROSTER_BYTES } from "@/types/domain";

const TONE: Record<ImportStatus, Tone> = { preview: "wait", applied: "ok", undone: "plain" };

const columns: Column<RosterImport>[] = [
  { id: "file", header: words.file, cell: (one) => <span className="strong">{one.filename}</span> },
  { id: "when", header: words.when, cell: (one) => formatMoment(one.created_at) },
  { id: "result", header: words.result, cell: (one) => words.applied(one.summary.create, one.summary.update) },
  { id: "state", header: words.state, cell: (one) => <Chip tone={TONE[one.status]}>{words.status[one.status]}</Chip> },
];

/** What is wrong with a file only the server can say. */
function whyNotRead(error: unknown): string {
  const itsOwn = error instanceof ApiError && [413, 415, 422, 429].includes(error.status) && error.code !== "rate_limited";
  return itsOwn ? error.message : messageOf(error);
}

export function Component() {
  const navigate = useNavigate();
  const query = useImports();
  const preview = usePreviewImport();
  const open = (id: number) => void navigate(paths.importFile(id));
  return (
    <Page title={words.listTitle} parent={{ to: paths.cadets, label: navigation.cadets }} layout="plain">
      <div className="pad stack">
        <FileDrop
          label={words.drop}
          hint={words.dropHint}
          accept=".xlsx,.csv"
          maxBytes={MOST_ROSTER_BYTES}
          busy={preview.isPending}
          error={preview.error ? `${whyNotRead(preview.error)} ${words.kept}` : undefined}
          onFile={(file) => preview.mutate(file, { onSuccess: (made) => open(made.id) })}
        />
        <h2>{words.history}</h2>
        <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={4} />}>
          {(page) =>
            page.data.length === 0 ? (
              <EmptyState icon="upload" title={words.historyEmpty} />
            ) : (
              <DataTable
                caption={words.history}
                columns={columns}
                rows={page.data}
                rowKey={(one) => String(one.id)}
                onOpen={(one) => open(one.id)}
                phone={(one) => (
                  <button type="button" className={styles.open} onClick={() => open(one.id)}>
                    <span className="strong">{one.filename}</span>
                    <span className="small muted">
                      {formatMoment(one.created_at)} · {words.applied(one.summary.create, one.summary.update)}
                    </span>
                    <Chip tone={TONE[one.status]}>{words.status[one.status]}</Chip>
                  </button>
                )}
              />
            )
          }
        </QueryView>
      </div>
    </Page>
  );
}
