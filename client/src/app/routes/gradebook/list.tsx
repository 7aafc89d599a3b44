import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { ButtonLink, Chip, EmptyState, QueryView, SearchBox, Select, SkeletonRows } from "@/components/ui";
import { UnitFilter } from "@/components/units/UnitFilter";
import { paths } from "@/config/paths";
import { useGradebook, usePolicy, useTermChoices, type GradebookFilter } from "@/features/gradebook/api/gradebook";
import { GradebookTable } from "@/features/gradebook/components/GradebookTable";
import { useCan } from "@/lib/auth";
import { useConnection } from "@/lib/realtime/realtime";
import { common } from "@/messages/common";
import { gradebook as words } from "@/messages/gradebook";

const STATES = (["no_data", "provisional", "complete", "special"] as const).map((value) => ({
  value,
  label: common.state[value],
}));

function useFilter(firstTerm: number | undefined) {
  const [params, setParams] = useSearchParams();
  const filter: GradebookFilter = {
    term_id: params.get("term") ?? (firstTerm === undefined ? "" : String(firstTerm)),
    company: params.get("company") ?? "",
    platoon: params.get("platoon") ?? "",
    search: params.get("search") ?? "",
    state: params.get("state") ?? "",
    sort: params.get("sort") ?? "name",
    page: Math.max(1, Number(params.get("page")) || 1),
  };
  const change = (next: Partial<GradebookFilter>) => {
    const { term_id: term, ...rest } = { ...filter, page: 1, ...next };
    const entries = Object.entries({ term, ...rest }).filter(
      ([name, value]) => value && !(name === "sort" && value === "name") && !(name === "page" && value === 1),
    );
    setParams(Object.fromEntries(entries.map(([name, value]) => [name, String(value)])), { replace: true });
  };
  return { filter, change };
}

export function Component() {
  const terms = useTermChoices();
  const { filter, change } = useFilter(terms.data?.data[0]?.id);
  const query = useGradebook(filter);
  const policy = usePolicy(filter.term_id);
  // Without the terms there is no term to ask for: their refusal is what there is to say.
  const rules = terms.error && !terms.data ? { ...policy, error: terms.error } : policy;
  const connection = useConnection();
  const mayMerit = useCan("grading.merit");
  const mayReport = useCan("reports.request");
  const termChoices = (terms.data?.data ?? []).map((term) => ({ value: String(term.id), label: term.name }));
  const tools = <SearchBox label={words.search} value={filter.search} onSearch={(search) => change({ search })} />;
  const controls = (
    <>
      <Select
        hideLabel
        label={words.term}
        choices={termChoices}
        value={filter.term_id}
        onChange={(event) => change({ term_id: event.target.value })}
      />
      <UnitFilter
        company={filter.company}
        platoon={filter.platoon}
        onCompany={(company) => change({ company })}
        onPlatoon={(platoon) => change({ platoon })}
      />
      <Select
        hideLabel
        label={words.state}
        placeholder={words.anyState}
        choices={STATES}
        value={filter.state}
        onChange={(event) => change({ state: event.target.value })}
      />
    </>
  );
  const actions = (
    <>
      {mayMerit ? (
        <ButtonLink to={`${paths.merits}?term=${filter.term_id}`} icon="medal">
          {words.merit}
        </ButtonLink>
      ) : null}
      {mayReport ? (
        <ButtonLink to={`${paths.reports}?term=${filter.term_id}`} icon="report" look="primary">
          {words.report}
        </ButtonLink>
      ) : null}
    </>
  );
  if (terms.data?.data.length === 0) {
    return (
      <Page title={words.title}>
        <EmptyState icon="calendar" title={words.noTerm} action={<ButtonLink to={paths.terms}>{words.terms}</ButtonLink>}>
          <p>{words.noTermBody}</p>
        </EmptyState>
      </Page>
    );
  }
  const skeleton = <SkeletonRows rows={16} columns={9} />;
  const live = connection.kind === "live";
  return (
    <Page
      title={filter.company ? `${filter.company} · ${words.title}` : words.title}
      layout="table"
      tools={tools}
      filters={{ controls, set: [filter.company, filter.platoon, filter.state].filter(Boolean).length }}
      actions={actions}
      subtitle={
        <Chip tone={live ? "ok" : "wait"} icon={live ? "check" : "clock"}>
          {live ? words.live : words.paused}
        </Chip>
      }
    >
      <QueryView query={rules} what={words.what} skeleton={skeleton}>
        {(policy) => (
          <QueryView query={query} what={words.what} skeleton={skeleton}>
            {(page) =>
              page.total === 0 ? (
                <EmptyState icon="grid" title={words.empty}>
                  <p>{words.emptyBody}</p>
                </EmptyState>
              ) : (
                <GradebookTable
                  key={filter.term_id}
                  policy={policy}
                  page={page}
                  filter={filter}
                  onSort={(sort) => change({ sort })}
                  onPage={(next) => change({ page: next })}
                />
              )
            }
          </QueryView>
        )}
      </QueryView>
    </Page>
  );
}
