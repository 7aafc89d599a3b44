import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { dayAfter } from "@/lib/format";
import { common } from "@/messages/common";
import { terms as words } from "@/messages/terms";
import { MOST_DAYS_OF_A_SERIES, WEEKDAYS } from "@/types/domain";
import { useCreateSeries, useSeriesPlan, type NewSeries, type Term, type TrainingDay, type Weekday } from "../api/terms";
import { SeriesDates } from "./SeriesDates";
import styles from "./terms.module.css";

const USUAL: Weekday = "saturday";

type Values = { weekday: Weekday; starts_on: string; count: string; title_pattern: string; skip: readonly string[] };

function errorsOf(values: Values) {
  const errors: Partial<Record<keyof Values, string>> = {};
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1 || count > MOST_DAYS_OF_A_SERIES) errors.count = words.countWrong;
  if (!values.starts_on) errors.starts_on = words.needed;
  if (!values.title_pattern.trim()) errors.title_pattern = words.needed;
  return errors;
}

const seriesOf = (term: Term, values: Values): NewSeries => ({
  ...values,
  term_id: term.id,
  count: Number(values.count),
  skip: [...values.skip],
});

type Props = {
  term: Term;
  /** The days that the term has: a series goes on after the last of them. */
  days: readonly Pick<TrainingDay, "date">[];
  onClose: () => void;
  onSaved: (count: number) => void;
};

function firstFree(term: Term, days: Props["days"]): string {
  const last = days
    .map((day) => day.date)
    .sort()
    .at(-1);
  const next = last === undefined ? term.starts_on : dayAfter(last);
  return next <= term.ends_on ? next : term.starts_on;
}

/** The training days of a whole semester in one action, after a look at their dates. */
export function SeriesForm({ term, days, onClose, onSaved }: Props) {
  const create = useCreateSeries();
  const form = useForm<Values, { created: unknown[] }>({
    initial: { weekday: USUAL, starts_on: firstFree(term, days), count: "15", title_pattern: words.defaultPattern, skip: [] },
    validate: errorsOf,
    submit: (values) => create.mutateAsync(seriesOf(term, values)),
    onDone: (made) => onSaved(made.created.length),
  });
  const valid = Object.keys(errorsOf(form.values)).length === 0;
  const plan = useSeriesPlan(valid ? seriesOf(term, form.values) : null);
  const held = plan.data?.days.filter((day) => !day.left_out) ?? [];
  const ready = valid && plan.isSuccess && !plan.isPlaceholderData && held.every((day) => day.problem === null);
  const toggle = (date: string) =>
    form.set(
      "skip",
      form.values.skip.includes(date) ? form.values.skip.filter((one) => one !== date) : [...form.values.skip, date],
    );
  return (
    <Dialog
      open
      wide
      changed={form.values.skip.length > 0}
      onClose={onClose}
      title={words.planTitle}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="series-form" look="primary" busy={form.busy} disabled={valid && !ready}>
            {words.planDo(held.length || Number(form.values.count) || 0)}
          </Button>
        </>
      }
    >
      <FormError>{form.formError}</FormError>
      <div className={styles.plan}>
        <form id="series-form" className="stack" {...form.formProps}>
          <Select
            label={words.weekday}
            choices={WEEKDAYS.map((value) => ({ value, label: words.weekdays[value] ?? value }))}
            {...form.text("weekday")}
          />
          <TextField label={words.from} type="date" min={term.starts_on} max={term.ends_on} {...form.text("starts_on")} />
          <TextField label={words.count} hint={words.countHint} inputMode="numeric" {...form.text("count")} />
          <TextField label={words.pattern} hint={words.patternHint} {...form.text("title_pattern")} />
        </form>
        <SeriesDates plan={valid ? plan : null} onToggle={toggle} />
      </div>
    </Dialog>
  );
}
