import { useState } from "react";
import { Link } from "react-router";
import { Button, ButtonLink, Chip, DataTable, IconButton, useToast, type Column } from "@/components/ui";
import { Menu, type MenuItem } from "@/components/ui/Menu";
import { paths } from "@/config/paths";
import { useCan } from "@/lib/auth";
import { messageOf } from "@/lib/error-words";
import { formatDay, todayInManila } from "@/lib/format";
import { terms as words } from "@/messages/terms";
import { useReinstateDay, type Term, type TrainingDay } from "../api/terms";
import { CancelDay } from "./DayForm";
import { EditDay } from "./EditDay";

type Doing = { what: "edit" | "cancel"; day: TrainingDay };
type Actions = { edit: (day: TrainingDay) => void; cancel: (day: TrainingDay) => void; reopen: (day: TrainingDay) => void };

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

const makeColumns = (actions: Actions | null): Column<TrainingDay>[] => [
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
      <span className="row">
        <ButtonLink tiny to={paths.trainingDay(day.id)}>
          {words.rollCall}
        </ButtonLink>
        {actions ? <DayButtons day={day} actions={actions} /> : null}
      </span>
    ),
  },
];

function DayButtons({ day, actions }: { day: TrainingDay; actions: Actions }) {
  return (
    <>
      <Button tiny look="quiet" icon="edit" aria-label={words.editName(day.title)} onClick={() => actions.edit(day)}>
        {words.edit}
      </Button>
      {day.is_cancelled ? (
        <Button tiny look="quiet" icon="undo" onClick={() => actions.reopen(day)}>
          {words.reinstate}
        </Button>
      ) : (
        <Button tiny look="quiet" onClick={() => actions.cancel(day)}>
          {words.cancelDay}
        </Button>
      )}
    </>
  );
}

function DayItem({ day, actions }: { day: TrainingDay; actions: Actions | null }) {
  const items: MenuItem[] = actions
    ? [
        { label: words.edit, icon: "edit", onSelect: () => actions.edit(day) },
        day.is_cancelled
          ? { label: words.reinstate, icon: "undo", onSelect: () => actions.reopen(day) }
          : { label: words.cancelDay, icon: "close", danger: true, onSelect: () => actions.cancel(day) },
      ]
    : [];
  return (
    <div className="row between">
      <Link to={paths.trainingDay(day.id)} className="stack-small grow">
        <span className="strong">{day.title}</span>
        <span className="small muted num">{formatDay(day.date)}</span>
      </Link>
      <DayState day={day} />
      {actions ? (
        <Menu items={items} label={words.change(day.title)}>
          <IconButton icon="more" label={words.change(day.title)} />
        </Menu>
      ) : null}
    </div>
  );
}

/** The training days of a term; who may manage them edits, cancels and reopens each. */
export function DayTable({ term, days }: { term: Term | undefined; days: readonly TrainingDay[] }) {
  const mayManage = useCan("terms.manage");
  const [doing, setDoing] = useState<Doing | null>(null);
  const reinstate = useReinstateDay();
  const toast = useToast();
  const done = (message: string) => {
    setDoing(null);
    toast({ message });
  };
  const actions: Actions = {
    edit: (day) => setDoing({ what: "edit", day }),
    cancel: (day) => setDoing({ what: "cancel", day }),
    reopen: (day) =>
      reinstate.mutate(day, {
        onSuccess: () => toast({ message: words.reinstated(day.title) }),
        onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
      }),
  };
  const offered = mayManage && term ? actions : null;
  const close = () => setDoing(null);
  return (
    <>
      <DataTable
        caption={words.columns.title}
        columns={makeColumns(offered)}
        rows={days}
        rowKey={(day) => String(day.id)}
        phone={(day) => <DayItem day={day} actions={offered} />}
      />
      {doing?.what === "edit" && term ? (
        <EditDay
          dayId={doing.day.id}
          title={doing.day.title}
          term={term}
          onClose={close}
          onSaved={(day) => done(words.edited(day.title))}
        />
      ) : null}
      {doing?.what === "cancel" ? (
        <CancelDay day={doing.day} onClose={close} onDone={() => done(words.cancelDone(doing.day.title))} />
      ) : null}
    </>
  );
}
