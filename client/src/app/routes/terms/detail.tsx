import { useState } from "react";
import { Link, useParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Button, Chip, EmptyState, ErrorState, QueryView, SkeletonRows, useToast } from "@/components/ui";
import { paths } from "@/config/paths";
import { DisagreementBanner } from "@/features/disagreements/components/DisagreementBanner";
import { useTerm, useTrainingDays } from "@/features/terms/api/terms";
import { DayForm } from "@/features/terms/components/DayForm";
import { DayTable } from "@/features/terms/components/DayTable";
import { SeriesForm } from "@/features/terms/components/SeriesForm";
import { TermForm } from "@/features/terms/components/TermForm";
import { useCan } from "@/lib/auth";
import { terms as words } from "@/messages/terms";

export function Component() {
  const { termId = "" } = useParams();
  const term = useTerm(termId);
  const days = useTrainingDays(termId);
  const mayManage = useCan("terms.manage");
  const [open, setOpen] = useState<"series" | "day" | "term" | null>(null);
  const toast = useToast();
  const close = () => setOpen(null);
  const actions =
    mayManage && term.data && days.data ? (
      <>
        <Button icon="edit" onClick={() => setOpen("term")}>
          {words.editTerm}
        </Button>
        <Button icon="plus" onClick={() => setOpen("day")}>
          {words.one_day}
        </Button>
        <Button look="primary" icon="calendar" onClick={() => setOpen("series")}>
          {words.plan}
        </Button>
      </>
    ) : undefined;
  const subtitle = term.data ? (
    <>
      <Chip>
        {term.data.semester}, {term.data.school_year}
      </Chip>{" "}
      <Link to={paths.policy(term.data.id)}>{words.policy(term.data.policy_version)}</Link>
    </>
  ) : undefined;
  return (
    <Page
      title={term.data?.name ?? words.one}
      subtitle={subtitle}
      parent={{ to: paths.terms, label: words.title }}
      layout="table"
      actions={actions}
    >
      {term.data ? <DisagreementBanner termId={term.data.id} /> : null}
      {term.error && !term.data ? (
        <ErrorState what={words.one} error={term.error} onRetry={() => void term.refetch()} />
      ) : (
        <QueryView query={days} what={words.one} skeleton={<SkeletonRows rows={12} />}>
          {(page) =>
            page.data.length === 0 ? (
              <EmptyState icon="calendar" title={words.noDays}>
                <p>{words.noDaysBody}</p>
              </EmptyState>
            ) : (
              <DayTable term={term.data} days={page.data} />
            )
          }
        </QueryView>
      )}
      {open === "series" && term.data ? (
        <SeriesForm
          term={term.data}
          days={days.data?.data ?? []}
          onClose={close}
          onSaved={(count) => {
            close();
            toast({ message: words.planned(count) });
          }}
        />
      ) : null}
      {open === "term" && term.data ? (
        <TermForm
          term={term.data}
          onClose={close}
          onSaved={(saved) => {
            close();
            toast({ message: words.termSaved(saved.name) });
          }}
        />
      ) : null}
      {open === "day" && term.data ? <DayForm term={term.data} onClose={close} onSaved={close} /> : null}
    </Page>
  );
}
