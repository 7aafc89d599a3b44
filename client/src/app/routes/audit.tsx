import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import {
  Button,
  Chip,
  DataTable,
  EmptyState,
  Pagination,
  QueryView,
  Segmented,
  Select,
  SkeletonRows,
  type Column,
  type Tone,
} from "@/components/ui";
import { useEntries, type Area, type Entry, type EntryFilter } from "@/features/audit/api/audit";
import { Changes } from "@/features/audit/components/Changes";
import { formatMoment } from "@/lib/format";
import { audit as words } from "@/messages/audit";

const AREAS = Object.keys(words.areas) as Area[];
const TONE: Record<string, Tone> = { created: "ok", removed: "bad", refused: "bad", handed_out: "wait" };
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));
const actorOf = (entry: Entry) => entry.actor || (entry.request_id ? words.stranger : words.system);

function Did({ entry }: { entry: Entry }) {
  return <Chip tone={TONE[entry.action] ?? "plain"}>{words.actions[entry.action] ?? entry.action}</Chip>;
}

export function Component() {
  const [params, setParams] = useSearchParams();
  const filter: EntryFilter = {
    area: AREAS.find((one) => one === params.get("area")) ?? "roster",
    action: params.get("action") ?? "",
    object: params.get("object") ?? "",
    object_id: params.get("object_id") ?? "",
    actor_id: params.get("actor_id") ?? "",
    page: Math.max(1, Number(params.get("page")) || 1),
  };
  const change = (next: Partial<EntryFilter>) => {
    const entries = Object.entries({ ...filter, page: 1, ...next }).filter(([, value]) => value !== "" && value !== 1);
    setParams(Object.fromEntries(entries.map(([name, value]) => [name, String(value)])), { replace: true });
  };
  const query = useEntries(filter);
  const narrowed = filter.object_id !== "" || filter.actor_id !== "";
  const who = (entry: Entry) =>
    entry.actor_id === null ? (
      actorOf(entry)
    ) : (
      <Button tiny look="quiet" onClick={() => change({ actor_id: String(entry.actor_id) })}>
        {actorOf(entry)}
      </Button>
    );
  const what = (entry: Entry) =>
    entry.object_id === "" ? (
      words.object(entry.object, "")
    ) : (
      <Button tiny look="quiet" onClick={() => change({ object: entry.object, object_id: entry.object_id })}>
        {words.object(entry.object, entry.object_id)}
      </Button>
    );
  const columns: Column<Entry>[] = [
    { id: "at", header: words.columns.at, cell: (one) => <span className="num">{formatMoment(one.at)}</span> },
    { id: "actor", header: words.columns.actor, cell: who },
    { id: "action", header: words.columns.action, cell: (one) => <Did entry={one} /> },
    { id: "object", header: words.columns.object, cell: what },
    { id: "changes", header: words.columns.changes, cell: (one) => <Changes entry={one} /> },
  ];
  return (
    <Page
      title={words.title}
      layout="table"
      tools={
        <>
          <Segmented
            hideLabel
            label={words.area}
            value={filter.area}
            choices={choices(words.areas) as { value: Area; label: string }[]}
            onChange={(area) => change({ area, object: "", object_id: "", actor_id: filter.actor_id })}
          />
          <Select
            hideLabel
            label={words.action}
            value={filter.action}
            choices={[{ value: "", label: words.anyAction }, ...choices(words.actions)]}
            onChange={(event) => change({ action: event.target.value })}
          />
          <p className="soft small">
            {filter.object_id ? words.only(words.object(filter.object, filter.object_id)) : null}{" "}
            {filter.actor_id ? words.onlyBy(query.data?.data[0] ? actorOf(query.data.data[0]) : `#${filter.actor_id}`) : null}{" "}
            {words.older}
          </p>
          {narrowed ? (
            <Button tiny icon="close" onClick={() => change({ object: "", object_id: "", actor_id: "" })}>
              {words.all}
            </Button>
          ) : null}
        </>
      }
    >
      <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={8} columns={5} />}>
        {(data) =>
          data.total === 0 ? (
            <EmptyState icon="clock" title={narrowed || filter.action ? words.noneFound : words.none}>
              {narrowed || filter.action ? null : <p>{words.noneBody}</p>}
            </EmptyState>
          ) : (
            <DataTable
              caption={words.title}
              columns={columns}
              rows={data.data}
              rowKey={(one) => String(one.id)}
              phone={(one) => (
                <div className="stack-small">
                  <span className="row">
                    <Did entry={one} />
                    {what(one)}
                  </span>
                  <span className="small muted">
                    {formatMoment(one.at)} · {actorOf(one)}
                  </span>
                  <Changes entry={one} />
                </div>
              )}
              footer={<Pagination page={data.page} limit={data.limit} total={data.total} onPage={(page) => change({ page })} />}
            />
          )
        }
      </QueryView>
    </Page>
  );
}
