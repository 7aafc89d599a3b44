import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import {
  ButtonLink,
  Chip,
  DataTable,
  EmptyState,
  Pagination,
  QueryView,
  SearchBox,
  Select,
  SkeletonRows,
  type Column,
  type Tone,
} from "@/components/ui";
import { paths } from "@/config/paths";
import { useAccounts, type Account, type AccountFilter, type AccountState } from "@/features/accounts/api/accounts";
import { AccountActions } from "@/features/accounts/components/AccountActions";
import { formatMoment } from "@/lib/format";
import { accounts as words } from "@/messages/accounts";

const TONE: Record<AccountState, Tone> = { awaiting_activation: "wait", active: "ok", deactivated: "plain" };
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

function State({ account }: { account: Account }) {
  return account.is_held_up ? (
    <Chip tone="bad" icon="lock">
      {words.heldUp}
    </Chip>
  ) : (
    <Chip tone={TONE[account.state]}>{words.states[account.state]}</Chip>
  );
}

const columns: Column<Account>[] = [
  { id: "name", header: words.columns.name, cell: (one) => <span className="strong">{one.display_name}</span> },
  { id: "username", header: words.columns.username, cell: (one) => <span className="num">{one.username}</span> },
  { id: "role", header: words.columns.role, cell: (one) => [words.roles[one.role], ...one.positions].join(", ") },
  { id: "state", header: words.columns.state, cell: (one) => <State account={one} /> },
  {
    id: "last",
    header: words.columns.last,
    show: "wide",
    cell: (one) => (one.last_login_at ? formatMoment(one.last_login_at) : words.never),
  },
  { id: "do", header: "", cell: (one) => <AccountActions account={one} /> },
];

export function Component() {
  const [params, setParams] = useSearchParams();
  const filter: AccountFilter = {
    search: params.get("search") ?? "",
    role: params.get("role") ?? "",
    state: params.get("state") ?? "",
    page: Math.max(1, Number(params.get("page")) || 1),
  };
  const change = (next: Partial<AccountFilter>) => {
    const entries = Object.entries({ ...filter, page: 1, ...next }).filter(
      ([name, value]) => value && !(name === "page" && value === 1),
    );
    setParams(Object.fromEntries(entries.map(([name, value]) => [name, String(value)])), { replace: true });
  };
  const query = useAccounts(filter);
  return (
    <Page
      title={words.title}
      layout="table"
      actions={
        <ButtonLink look="primary" icon="key" to={paths.codeCards}>
          {words.cards}
        </ButtonLink>
      }
      tools={<SearchBox label={words.search} value={filter.search} onSearch={(search) => change({ search })} />}
      filters={{
        set: [filter.role, filter.state].filter(Boolean).length,
        controls: (
          <>
            <Select
              hideLabel
              label={words.role}
              placeholder={words.anyRole}
              choices={choices(words.roles)}
              value={filter.role}
              onChange={(event) => change({ role: event.target.value })}
            />
            <Select
              hideLabel
              label={words.state}
              placeholder={words.anyState}
              choices={choices(words.states)}
              value={filter.state}
              onChange={(event) => change({ state: event.target.value })}
            />
          </>
        ),
      }}
    >
      <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={12} columns={5} />}>
        {(page) =>
          page.total === 0 ? (
            <EmptyState icon="key" title={words.none}>
              <p>{words.noneBody}</p>
            </EmptyState>
          ) : (
            <DataTable
              caption={words.title}
              columns={columns}
              rows={page.data}
              rowKey={(one) => String(one.id)}
              phone={(one) => (
                <div className="stack-small">
                  <div className="row between">
                    <span className="strong">{one.display_name}</span>
                    <State account={one} />
                  </div>
                  <span className="small muted num">
                    {one.username} · {words.roles[one.role]}
                  </span>
                  <AccountActions account={one} />
                </div>
              )}
              footer={
                <Pagination page={page.page} limit={page.limit} total={page.total} onPage={(next) => change({ page: next })} />
              }
            />
          )
        }
      </QueryView>
    </Page>
  );
}
