import { Button, FormError, QueryView, SkeletonRows, TextArea, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { formatDay, todayInManila } from "@/lib/format";
import { common } from "@/messages/common";
import { terms as words } from "@/messages/terms";
import { useChangeDay, useDay, type DayChanges, type MarkedDay, type Term, type TrainingDay } from "../api/terms";
import styles from "./terms.module.css";

type Props = { term: Term; onClose: () => void; onSaved: (day: TrainingDay) => void };
const FIELDS = ["date", "title", "description"] as const;

/** The date, title and description of a day that exists. What a new date does to its marks is said before it is saved. */
export function EditDay({ dayId, title, ...props }: Props & { dayId: number; title: string }) {
  const day = useDay(dayId);
  if (day.data) return <EditForm day={day.data} {...props} />;
  return (
    <Dialog open onClose={props.onClose} title={words.editTitle(title)}>
      <QueryView query={day} what={words.dayWhat} skeleton={<SkeletonRows rows={3} columns={1} what={words.dayWhat} />}>
        {() => null}
      </QueryView>
    </Dialog>
  );
}

function EditForm({ day, term, onClose, onSaved }: Props & { day: MarkedDay }) {
  const change = useChangeDay();
  const form = useForm({
    initial: { date: day.date, title: day.title, description: day.description, from: day },
    validate: (values) => ({
      ...(values.date ? {} : { date: words.needed }),
      ...(values.title.trim() ? {} : { title: words.needed }),
    }),
    submit: (values) => {
      const changed = FIELDS.filter((field) => values[field] !== values.from[field]);
      const changes: DayChanges = Object.fromEntries(changed.map((field) => [field, values[field]]));
      // After a refusal `day` is what somebody else made of it: saving again replaces that knowingly.
      return change.mutateAsync({ id: day.id, version: day.version, changes });
    },
    onDone: onSaved,
    explain: (error) => (error.status === 412 ? words.staleDay : undefined),
  });
  const { from } = form.values;
  const others = FIELDS.some((field) => day[field] !== from[field]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.editTitle(from.title)}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="edit-day-form" look="primary" busy={form.busy}>
            {words.editDo}
          </Button>
        </>
      }
    >
      <form id="edit-day-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        {others ? <p className={styles.note}>{words.theirs(formatDay(day.date), day.title)}</p> : null}
        <TextField label={words.date} type="date" min={term.starts_on} max={term.ends_on} {...form.text("date")} />
        <TextField label={words.dayName} {...form.text("title")} />
        <TextArea label={words.description} optional {...form.text("description")} />
        <Moved from={day.date} to={form.values.date} marks={day.marks} />
      </form>
    </Dialog>
  );
}

function Moved({ from, to, marks }: { from: string; to: string; marks: number }) {
  return (
    <div role="status" aria-live="polite">
      {to && to !== from ? (
        <div className={styles.note}>
          <p>{words.moves(formatDay(to), marks)}</p>
          {marks > 0 && to > todayInManila() ? <p>{words.movesAhead(marks)}</p> : null}
        </div>
      ) : null}
    </div>
  );
}
