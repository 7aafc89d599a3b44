import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import {
  Button,
  ButtonLink,
  Chip,
  EmptyState,
  QueryView,
  SearchBox,
  Segmented,
  Select,
  SkeletonRows,
  useToast,
} from "@/components/ui";
import { CompanyFilter } from "@/components/units/UnitFilter";
import { paths } from "@/config/paths";
import { WaitingBanner } from "@/features/addresses/components/WaitingBanner";
import { nameOf, useCadets, type CadetFilters } from "@/features/cadets/api/cadets";
import { CadetForm } from "@/features/cadets/components/CadetForm";
import { CadetTable } from "@/features/cadets/components/CadetTable";
import { MoveCadets } from "@/features/cadets/components/MoveCadets";
import { useCan } from "@/lib/auth";
import { choicesOf } from "@/lib/choices";
import { cadets as words } from "@/messages/cadets";
import { CADET_COURSES } from "@/types/domain";

/** Search, filters, sort and page live in the address. */
function useFilters() {
  const [params, setParams] = useSearchParams();
  const filters: CadetFilters = {
    search: params.get("search") ?? "",
    company: params.get("company") ?? "",
    cadet_course: params.get("cadet_course") ?? "",
    archived: params.get("archived") === "true",
    sort: params.get("sort") ?? "name",
    page: Math.max(1, Number(params.get("page")) || 1),
  };
  const change = (next: Partial<CadetFilters>) => {
    const merged = { ...filters, page: 1, ...next };
    const kept = Object.entries(merged).filter(
      ([name, value]) => value && !(name === "sort" && value === "name") && !(name === "page" && value === 1),
    );
    setParams(Object.fromEntries(kept.map(([name, value]) => [name, String(value)])), { replace: true });
  };
  const narrowed = filters.search !== "" || filters.company !== "" || filters.cadet_course !== "";
  return { filters, change, narrowed };
}

export function Component() {
  const { filters, change, narrowed } = useFilters();
  const query = useCadets(filters);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [adding, setAdding] = useState(false);
  const mayWrite = useCan("roster.write");
  const mayImport = useCan("roster.import");
  const navigate = useNavigate();
  const toast = useToast();
  const show = (next: Partial<CadetFilters>) => {
    // What is not seen is not selected.
    setSelected(new Set());
    change(next);
  };
  const ids = [...selected].map(Number);
  const tools = <SearchBox label={words.search} value={filters.search} onSearch={(search) => show({ search })} />;
  const controls = (
    <>
      <CompanyFilter label={words.columns.unit} company={filters.company} onCompany={(company) => show({ company })} />
      <Select
        hideLabel
        label={words.columns.cadetCourse}
        placeholder={words.allCourses}
        choices={choicesOf(CADET_COURSES, filters.cadet_course)}
        value={filters.cadet_course}
        onChange={(event) => show({ cadet_course: event.target.value })}
      />
      {mayWrite ? (
        <Segmented
          hideLabel
          label={words.shown}
          choices={[
            { value: "false", label: words.active },
            { value: "true", label: words.archived },
          ]}
          value={filters.archived ? "true" : "false"}
          onChange={(archived) => show({ archived: archived === "true" })}
        />
      ) : null}
    </>
  );
  const actions = (
    <>
      {mayWrite && ids.length > 0 ? (
        <MoveCadets ids={ids} to={filters.archived ? "restore" : "archive"} onDone={() => setSelected(new Set())} />
      ) : null}
      {mayWrite ? (
        <Button icon="plus" onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      ) : null}
      {mayImport ? (
        <ButtonLink to={paths.imports} look="primary" icon="upload">
          {words.importRoster}
        </ButtonLink>
      ) : null}
    </>
  );
  return (
    <Page
      title={words.title}
      subtitle={filters.archived ? <Chip icon="archive">{words.inArchive}</Chip> : undefined}
      layout="table"
      actions={actions}
      tools={tools}
      filters={{ controls, set: [filters.company, filters.cadet_course, filters.archived].filter(Boolean).length }}
    >
      {mayWrite ? <WaitingBanner /> : null}
      <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={16} columns={6} />}>
        {(page) =>
          page.total > 0 ? (
            <CadetTable
              page={page}
              sort={filters.sort}
              onSort={(sort) => show({ sort })}
              onPage={(next) => show({ page: next })}
              onOpen={(cadet) => void navigate(paths.cadet(cadet.id))}
              selection={mayWrite ? { selected, onChange: setSelected } : undefined}
            />
          ) : narrowed ? (
            <EmptyState
              icon="search"
              title={filters.archived ? words.archiveNone : words.noneFound}
              action={<Button onClick={() => show({ search: "", company: "", cadet_course: "" })}>{words.clear}</Button>}
            >
              <p>{words.noneFoundBody}</p>
            </EmptyState>
          ) : filters.archived ? (
            <EmptyState
              icon="archive"
              title={words.archiveEmpty}
              action={<Button onClick={() => show({ archived: false })}>{words.showRoster}</Button>}
            >
              <p>{words.archiveEmptyBody}</p>
            </EmptyState>
          ) : (
            <EmptyState
              icon="people"
              title={words.empty}
              action={
                mayImport ? (
                  <ButtonLink to={paths.imports} icon="upload">
                    {words.importRoster}
                  </ButtonLink>
                ) : undefined
              }
            >
              <p>{words.emptyBody}</p>
            </EmptyState>
          )
        }
      </QueryView>
      {adding ? (
        <CadetForm
          onClose={() => setAdding(false)}
          onSaved={(cadet) => {
            setAdding(false);
            toast({ message: words.added(nameOf(cadet)) });
            void navigate(paths.cadet(cadet.id));
          }}
        />
      ) : null}
    </Page>
  );
}
