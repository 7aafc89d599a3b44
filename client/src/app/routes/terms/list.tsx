import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Button, DataTable, EmptyState, QueryView, SkeletonRows, useToast, type Column } from "@/components/ui";
import { paths } from "@/config/paths";
import { useTerms, type Term } from "@/features/terms/api/terms";
import { TermForm } from "@/features/terms/components/TermForm";
import { useCan } from "@/lib/auth";
import { formatDate } from "@/lib/format";
import { terms as words } from "@/messages/terms";

const span = (term: Term) => `${formatDate(term.starts_on)} – ${formatDate(term.ends_on)}`;

const columns: Column<Term>[] = [
  {
    id: "name",
    header: words.fields.name,
    cell: (term) => (
      <Link to={paths.term(term.id)} className="strong">
        {term.name}
      </Link>
    ),
  },
  { id: "year", header: words.listColumns.semester, cell: (term) => `${term.semester}, ${term.school_year}` },
  { id: "span", header: words.listColumns.dates, cell: span },
  { id: "course", header: words.fields.cadet_course, cell: (term) => term.cadet_course ?? words.everyCourse },
  { id: "days", header: words.listColumns.days, cell: (term) => words.days(term.days_count) },
];

export function Component() {
  const query = useTerms();
  const mayManage = useCan("terms.manage");
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  const toast = useToast();
  const add = mayManage ? (
    <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  ) : undefined;
  return (
    <Page title={words.title} layout="table" actions={add}>
      <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={6} />}>
        {(page) =>
          page.data.length === 0 ? (
            <EmptyState icon="calendar" title={words.empty}>
              <p>{words.emptyBody}</p>
            </EmptyState>
          ) : (
            <DataTable
              caption={words.title}
              columns={columns}
              rows={page.data}
              rowKey={(term) => String(term.id)}
              onOpen={(term) => void navigate(paths.term(term.id))}
              phone={(term) => (
                <Link to={paths.term(term.id)} className="stack-small">
                  <span className="strong">{term.name}</span>
                  <span className="small muted">
                    {term.semester}, {term.school_year} · {words.days(term.days_count)}
                  </span>
                </Link>
              )}
            />
          )
        }
      </QueryView>
      {adding ? (
        <TermForm
          onClose={() => setAdding(false)}
          onSaved={(term) => {
            toast({ message: words.added(term.name) });
            void navigate(paths.term(term.id));
          }}
        />
      ) : null}
    </Page>
  );
}
