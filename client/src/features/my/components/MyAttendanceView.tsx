import { Chip, classes, EmptyState, QueryView, SkeletonRows, StatusSign } from "@/components/ui";
import { formatDay, formatMoment, todayInManila } from "@/lib/format";
import { my as words } from "@/messages/my";
import { MARKS } from "@/types/domain";
import { useMyAttendance, useMyChanges, type MyDay } from "../api/my";
import styles from "./my.module.css";
import { isNoTerm, NoTerm } from "./NoTerm";

function Mark({ day, today }: { day: MyDay; today: string }) {
  if (day.is_cancelled) return <Chip icon="close">{words.cancelled}</Chip>;
  if (day.status) return <StatusSign status={day.status} word />;
  return day.date > today ? <span className="muted">{words.notYet}</span> : <StatusSign status="none" word />;
}

function Counts({ days }: { days: readonly MyDay[] }) {
  const counted = MARKS.map((status) => ({
    status,
    days: days.filter((day) => !day.is_cancelled && day.status === status).length,
  }));
  return (
    <ul className={styles.counts} aria-label={words.counts}>
      {counted
        .filter((one) => one.days > 0)
        .map((one) => (
          <li key={one.status}>
            <StatusSign status={one.status} word /> <b className="num">{one.days}</b>
          </li>
        ))}
    </ul>
  );
}

export function MyAttendanceView() {
  useMyChanges();
  const attendance = useMyAttendance();
  const today = todayInManila();
  if (isNoTerm(attendance.error)) return <NoTerm />;
  return (
    <QueryView query={attendance} what={words.yourAttendance} skeleton={<SkeletonRows columns={3} what={words.yourAttendance} />}>
      {({ data: days }) =>
        days.length === 0 ? (
          <EmptyState icon="calendar" title={words.noDays}>
            {words.noDaysWhy}
          </EmptyState>
        ) : (
          <>
            {days.some((day) => day.status) ? <Counts days={days} /> : null}
            <ol className={styles.list}>
              {days.map((day) => (
                <li key={day.training_day_id} className={classes(day.date === today && styles.today)}>
                  <div className="grow">
                    <p className={classes(styles.title, day.is_cancelled && styles.gone)}>{day.title}</p>
                    <p className="small muted num">
                      {day.date === today ? `${words.today}, ` : ""}
                      {formatDay(day.date)}
                      {day.status && day.occurred_at ? ` · ${words.markedAt(formatMoment(day.occurred_at))}` : ""}
                    </p>
                  </div>
                  <Mark day={day} today={today} />
                </li>
              ))}
            </ol>
          </>
        )
      }
    </QueryView>
  );
}
