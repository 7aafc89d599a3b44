import { Button, FormError, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { common } from "@/messages/common";
import { terms as words } from "@/messages/terms";
import { useCancelDay, useCreateDay, type Term, type TrainingDay } from "../api/terms";

export function DayForm({ term, onClose, onSaved }: { term: Term; onClose: () => void; onSaved: () => void }) {
  const create = useCreateDay();
  const form = useForm({
    initial: { date: "", title: "", description: "" },
    validate: (values) => ({
      ...(values.date ? {} : { date: words.needed }),
      ...(values.title.trim() ? {} : { title: words.needed }),
    }),
    submit: (values) =>
      create.mutateAsync({ term_id: term.id, date: values.date, title: values.title, description: values.description || null }),
    onDone: onSaved,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.dayTitle}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="day-form" look="primary" busy={form.busy}>
            {words.dayDo}
          </Button>
        </>
      }
    >
      <form id="day-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <TextField label={words.date} type="date" min={term.starts_on} max={term.ends_on} {...form.text("date")} />
        <TextField label={words.dayName} {...form.text("title")} />
        <TextField label={words.description} optional {...form.text("description")} />
      </form>
    </Dialog>
  );
}

/** A cancelled day needs its reason: whoever reads a grade later sees why the day does not count. */
export function CancelDay({ day, onClose, onDone }: { day: TrainingDay; onClose: () => void; onDone: () => void }) {
  const cancel = useCancelDay();
  const form = useForm({
    initial: { reason: "" },
    validate: (values) => (values.reason.trim() ? {} : { reason: words.needed }),
    submit: (values) => cancel.mutateAsync({ day, reason: values.reason }),
    onDone,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.cancelTitle(day.title)}
      description={words.cancelBody}
      footer={
        <>
          <Button onClick={onClose}>{words.keep}</Button>
          <Button type="submit" form="cancel-form" look="danger" busy={form.busy}>
            {words.cancelDo}
          </Button>
        </>
      }
    >
      <form id="cancel-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <TextField label={words.cancelReason} autoFocus {...form.text("reason")} />
      </form>
    </Dialog>
  );
}
