import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { common } from "@/messages/common";
import { terms as words } from "@/messages/terms";
import { MOST_DAYS_OF_A_SERIES } from "@/types/domain";
import { useCreateSeries, type Term } from "../api/terms";

const SATURDAY = "5";
const datesOf = (text: string) => text.split(/[\s,;]+/).filter(Boolean);

/** The training days of a whole semester in one action. */
export function SeriesForm({ term, onClose, onSaved }: { term: Term; onClose: () => void; onSaved: (count: number) => void }) {
  const create = useCreateSeries();
  const form = useForm({
    initial: { weekday: SATURDAY, starts_on: term.starts_on, count: "15", title_pattern: words.defaultPattern, skip: "" },
    validate: (values) => {
      const errors: Partial<Record<keyof typeof values, string>> = {};
      const count = Number(values.count);
      if (!Number.isInteger(count) || count < 1 || count > MOST_DAYS_OF_A_SERIES) errors.count = words.countWrong;
      if (!values.starts_on) errors.starts_on = words.needed;
      if (!values.title_pattern.trim()) errors.title_pattern = words.needed;
      if (datesOf(values.skip).some((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day))) errors.skip = words.skipWrong;
      return errors;
    },
    submit: (values) =>
      create.mutateAsync({
        term_id: term.id,
        weekday: Number(values.weekday),
        starts_on: values.starts_on,
        count: Number(values.count),
        title_pattern: values.title_pattern,
        skip: datesOf(values.skip),
      }),
    onDone: (made) => onSaved(made.created.length),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.planTitle}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="series-form" look="primary" busy={form.busy}>
            {words.planDo(Number(form.values.count) || 0)}
          </Button>
        </>
      }
    >
      <form id="series-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <Select
          label={words.weekday}
          choices={words.weekdays.map((label, value) => ({ value: String(value), label }))}
          {...form.text("weekday")}
        />
        <TextField label={words.from} type="date" min={term.starts_on} max={term.ends_on} {...form.text("starts_on")} />
        <TextField label={words.count} hint={words.countHint} inputMode="numeric" {...form.text("count")} />
        <TextField label={words.pattern} hint={words.patternHint} {...form.text("title_pattern")} />
        <TextField label={words.skip} hint={words.skipHint} optional {...form.text("skip")} />
      </form>
    </Dialog>
  );
}
