import { Segmented } from "@/components/ui";
import { imports as words } from "@/messages/imports";
import type { DateOrder, Layout } from "../api/imports";
import styles from "./imports.module.css";

const MONTHS = words.months;

/** Asked once where the file does not say which part of its dates is the day; nothing is guessed. */
export function DateQuestion({
  dates,
  busy,
  onAnswer,
}: {
  dates: Layout["dates"];
  busy: boolean;
  onAnswer: (order: DateOrder | null) => void;
}) {
  if (dates.count === 0 || dates.example === null) return null;
  const [first = 1, second = 1] = dates.example.split(/[/.-]/).map(Number);
  const said = (day: number, month: number) => `${day} ${MONTHS[month - 1] ?? month}`;
  return (
    <div className={styles.question} aria-busy={busy}>
      <p>{words.datesOpen(dates.count, dates.example)}</p>
      <Segmented
        label={words.datesWhich(dates.example)}
        value={dates.order ?? "open"}
        onChange={(order) => onAnswer(order === "open" ? null : order)}
        choices={[
          { value: "day_first", label: said(first, second) },
          { value: "month_first", label: said(second, first) },
          { value: "open", label: words.datesLeave },
        ]}
      />
    </div>
  );
}
