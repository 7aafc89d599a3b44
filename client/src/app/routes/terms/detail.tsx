import { useState } from "react";
import { Link, useParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import {
  Button,
  ButtonLink,
  Chip,
  DataTable,
  EmptyState,
  ErrorState,
  QueryView,
  SkeletonRows,
  useToast,
  type Column,
} from "@/components/ui";
import { paths } from "@/config/paths";
import { useReinstateDay, useTerm, useTrainingDays, type TrainingDay } from "@/features/terms/api/terms";
import { CancelDay, DayForm } from "@/features/terms/components/DayForm";
import { SeriesForm } from "@/features/terms/components/SeriesForm";
import { useCan } from "@/lib/auth";
import { messageOf } from "@/lib/error-words";
import { formatDay, todayInManila } from "@/lib/format";
import { terms as words } from "@/messages/terms";

function DayState({ day }: { day: TrainingDay }) {
  const today = todayInManila();
  if (day.is_cancelled)
    return (
      <span>
        <Chip tone="wait" icon="close">
          {words.cancelled}
        </Chip>{" "}
        <span className="small muted">{day.cancel_reason}</span>
      </span>
    );
  if (day.date === today)
    return (
      <Chip tone="info" icon="calendar">
        {words.today}
      </Chip>
    );
  return <Chip>{day.date < today ? words.past : words.coming}</Chip>;
}

function useColumns(mayManage: boolean, onCancel: (day: TrainingDay) => void): Column<TrainingDay>[] {
  const reinstate = useReinstateDay();
  const toast = useToast();
  const back = (day: TrainingDay) =>
    reinstate.mutate(day.id, {
      onSuccess: () => toast({ message: words.reinstated(day.title) }),
      onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
    });
  const columns: Column<TrainingDay>[] = [
    { id: "date", header: words.columns.date, cell: (day) => <span className="num">{formatDay(day.date)}</span> },
    {
      id: "title",
      header: words.columns.title,
      cell: (day) => (
        <Link to={paths.trainingDay(day.id)} className="strong">
          {day.title}
        </Link>
      ),
    },
    { id: "state", header: words.columns.state, cell: (day) => <DayState day={day} /> },
    {
      id: "roll",
      header: "",
      name: words.rollCall,
      cell: (day) => (
        <ButtonLink tiny to={paths.trainingDay(day.id)}>
          {words.rollCall}
        </ButtonLink>
      ),
    },
  ];
  if (mayManage) {
    columns.push({
      id: "change",
      header: "",
      name: words.cancelDay,
      cell: (day) =>
        day.is_cancelled ? (
          <Button tiny icon="undo" onClick={() => back(day)}>
            {words.reinstate}
          </Button>
        ) : (
          <Button tiny look="quiet" onClick={() => onCancel(day)}>
            {words.cancelDay}
          </Button>
        ),
    });
  }
  return columns;
}

export function Component() {
  const { termId = "" } = useParams();
  const term = useTerm(termId);
  const days = useTrainingDays(termId);
  const mayManage = useCan("terms.manage");
  const [open, setOpen] = useState<"series" | "day" | null>(null);
  const [cancelling, setCancelling] = useState<TrainingDay | null>(null);
  const toast = useToast();
  const columns = useColumns(mayManage, setCancelling);
  const close = () => setOpen(null);
  const actions =
    mayManage && term.data ? (
      <>
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
      <Chip>{words.policy(term.data.policy_version)}</Chip>
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
              <DataTable
                caption={words.columns.title}
                columns={columns}
                rows={page.data}
                rowKey={(day) => String(day.id)}
                phone={(day) => (
                  <div className="row between">
                    <Link to={paths.trainingDay(day.id)} className="stack-small grow">
                      <span className="strong">{day.title}</span>
                      <span className="small muted num">{formatDay(day.date)}</span>
                    </Link>
                    <DayState day={day} />
                  </div>
                )}
              />
            )
          }
        </QueryView>
      )}
      {open === "series" && term.data ? (
        <SeriesForm
          term={term.data}
          onClose={close}
          onSaved={(count) => {
            close();
            toast({ message: words.planned(count) });
          }}
        />
      ) : null}
      {open === "day" && term.data ? <DayForm term={term.data} onClose={close} onSaved={close} /> : null}
      {cancelling ? (
        <CancelDay
          day={cancelling}
          onClose={() => setCancelling(null)}
          onDone={() => {
            toast({ message: words.cancelDone(cancelling.title) });
            setCancelling(null);
          }}
        />
      ) : null}
    </Page>
  );
}
