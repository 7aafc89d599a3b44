import { useState } from "react";
import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import {
  Button,
  Chip,
  DataTable,
  EmptyState,
  Pagination,
  QueryView,
  SearchBox,
  Segmented,
  SkeletonRows,
  useToast,
  type Column,
} from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { staffName, useMoveStaff, useStaff, type Staff } from "@/features/staff/api/staff";
import { StaffForm } from "@/features/staff/components/StaffForm";
import { useCan } from "@/lib/auth";
import { messageOf } from "@/lib/error-words";
import { orDash } from "@/lib/format";
import { common } from "@/messages/common";
import { staff as words } from "@/messages/staff";

export function Component() {
  const [params, setParams] = useSearchParams();
  const search = params.get("search") ?? "";
  const page = Math.max(1, Number(params.get("page")) || 1);
  const archived = params.get("archived") === "true";
  const query = useStaff(search, page, archived);
  const show = (next: { search?: string; page?: number; archived?: boolean }) => {
    const wanted = { search, archived, page: 1, ...next };
    setParams(
      {
        ...(wanted.search ? { search: wanted.search } : {}),
        ...(wanted.archived ? { archived: "true" } : {}),
        ...(wanted.page > 1 ? { page: String(wanted.page) } : {}),
      },
      { replace: true },
    );
  };
  const mayWrite = useCan("roster.write");
  const move = useMoveStaff();
  const toast = useToast();
  const [form, setForm] = useState<{ member?: Staff } | null>(null);
  const [archiving, setArchiving] = useState<Staff | null>(null);
  const restore = (member: Staff) =>
    void move.mutateAsync({ id: member.id, to: "restore" }).then(
      () => toast({ message: words.restored(staffName(member)) }),
      (error: unknown) => toast({ message: messageOf(error), tone: "failed" }),
    );
  const actions = (member: Staff) =>
    !mayWrite ? null : archived ? (
      <Button tiny icon="undo" onClick={() => restore(member)}>
        {words.restore}
      </Button>
    ) : (
      <span className="row">
        <Button tiny icon="edit" onClick={() => setForm({ member })}>
          {words.edit}
        </Button>
        <Button tiny look="quiet" onClick={() => setArchiving(member)}>
          {words.archive}
        </Button>
      </span>
    );
  const columns: Column<Staff>[] = [
    { id: "name", header: words.columns.name, cell: (one) => <span className="strong">{staffName(one)}</span> },
    { id: "position", header: words.columns.position, cell: (one) => <Chip>{one.position}</Chip> },
    { id: "email", header: words.columns.email, cell: (one) => orDash(one.email) },
    { id: "contact", header: words.columns.contact, show: "wide", cell: (one) => orDash(one.contact_number) },
    ...(mayWrite ? [{ id: "do", header: "", name: words.edit, cell: actions }] : []),
  ];
  return (
    <Page
      title={words.title}
      layout="table"
      tools={<SearchBox label={words.search} value={search} onSearch={(text) => show({ search: text })} />}
      {...(mayWrite
        ? {
            filters: {
              set: archived ? 1 : 0,
              controls: (
                <Segmented
                  hideLabel
                  label={words.shown}
                  choices={[
                    { value: "false", label: words.active },
                    { value: "true", label: words.inArchive },
                  ]}
                  value={archived ? "true" : "false"}
                  onChange={(value) => show({ archived: value === "true" })}
                />
              ),
            },
          }
        : {})}
      actions={
        mayWrite ? (
          <Button look="primary" icon="plus" onClick={() => setForm({})}>
            {words.add}
          </Button>
        ) : undefined
      }
    >
      <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={8} columns={4} />}>
        {(data) =>
          data.total === 0 && archived && !search ? (
            <EmptyState
              icon="archive"
              title={words.archiveEmpty}
              action={<Button onClick={() => show({ archived: false })}>{words.showList}</Button>}
            >
              <p>{words.archiveEmptyBody}</p>
            </EmptyState>
          ) : data.total === 0 ? (
            <EmptyState icon="badge" title={search ? words.noneFound : words.empty}>
              {search ? null : <p>{words.emptyBody}</p>}
            </EmptyState>
          ) : (
            <DataTable
              caption={words.title}
              columns={columns}
              rows={data.data}
              rowKey={(one) => String(one.id)}
              phone={(one) => (
                <div className="stack-small">
                  <span className="strong">{staffName(one)}</span>
                  <span className="small muted">
                    {one.position} · {orDash(one.email)}
                  </span>
                  {actions(one)}
                </div>
              )}
              footer={
                <Pagination page={data.page} limit={data.limit} total={data.total} onPage={(next) => show({ page: next })} />
              }
            />
          )
        }
      </QueryView>
      {form ? (
        <StaffForm
          {...(form.member ? { member: form.member } : {})}
          onClose={() => setForm(null)}
          onSaved={(member) => {
            setForm(null);
            toast({ message: words.saved(staffName(member)) });
          }}
        />
      ) : null}
      {archiving ? (
        <ConfirmDialog
          open
          onClose={() => setArchiving(null)}
          danger
          title={words.archiveTitle(staffName(archiving))}
          body={words.archiveBody}
          confirm={words.archive}
          keep={words.keep}
          onConfirm={async () => {
            await move.mutateAsync({ id: archiving.id, to: "archive" });
            toast({
              message: words.archived(staffName(archiving)),
              action: { label: common.undo, run: () => restore(archiving) },
            });
          }}
        />
      ) : null}
    </Page>
  );
}
