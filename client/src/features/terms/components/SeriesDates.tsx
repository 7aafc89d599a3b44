import type { UseQueryResult } from "@tanstack/react-query";
import { Button, classes, Icon, QueryView, SkeletonRows } from "@/components/ui";
import { formatDate } from "@/lib/format";
import { terms as words } from "@/messages/terms";
import type { SeriesDay } from "../api/terms";
import styles from "./terms.module.css";

/** "Saturday, Aug 8, 2026": the weekday is the server's word for the date, not reckoned here. */
const dateOf = (day: SeriesDay) => words.dateOn(words.weekdays[day.weekday] ?? day.weekday, formatDate(day.date));

function summaryOf(days: readonly SeriesDay[]): string {
  const held = days.filter((day) => !day.left_out);
  return words.planSummary(held.length, formatDate(held[0]?.date), formatDate(held.at(-1)?.date));
}

/** The dates that a series would make, each of which can be left out; `plan` is null while the form says nothing sensible. */
export function SeriesDates({
  plan,
  onToggle,
}: {
  plan: UseQueryResult<{ days: SeriesDay[] }> | null;
  onToggle: (date: string) => void;
}) {
  return (
    <section className={styles.dates} aria-busy={plan?.isPlaceholderData || undefined}>
      <h3>{words.dates}</h3>
      {plan ? (
        <QueryView query={plan} what={words.datesWhat} skeleton={<SkeletonRows rows={8} columns={2} what={words.datesWhat} />}>
          {({ days }) => (
            <>
              <p role="status">{summaryOf(days)}</p>
              <p className="small muted">{words.skipHint}</p>
              <ol className={styles.list}>
                {days.map((day) => (
                  <Row key={day.date} day={day} onToggle={onToggle} />
                ))}
              </ol>
            </>
          )}
        </QueryView>
      ) : (
        <p className="muted">{words.datesNone}</p>
      )}
    </section>
  );
}

function Row({ day, onToggle }: { day: SeriesDay; onToggle: (date: string) => void }) {
  const date = dateOf(day);
  return (
    <li className={classes(styles.date, day.left_out && styles.out)}>
      <div className="grow">
        <div className="num strong">{date}</div>
        <div className="small muted">{day.left_out ? words.leftOut : day.title}</div>
        {day.problem ? (
          <div className={`small ${styles.problem}`}>
            <Icon name="warning" small /> {words.problems[day.problem]}
          </div>
        ) : null}
      </div>
      <Button
        tiny
        look="quiet"
        aria-label={day.left_out ? words.takeInName(date) : words.leaveOutName(date)}
        onClick={() => onToggle(day.date)}
      >
        {day.left_out ? words.takeIn : words.leaveOut}
      </Button>
    </li>
  );
}
