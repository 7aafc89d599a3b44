import { StatusSign } from "@/components/ui";
import { my as words } from "@/messages/my";
import type { MyDay } from "../api/my";
import styles from "./DayStrip.module.css";

/** Every training day that counts, as its sign and its number. */
export function DayStrip({ days }: { days: readonly MyDay[] }) {
  const counting = days.filter((day) => !day.is_cancelled);
  if (counting.length === 0) return null;
  return (
    <ol className={styles.strip} aria-label={words.dayStrip}>
      {counting.map((day, index) => (
        <li key={day.training_day_id}>
          <StatusSign status={day.status ?? "none"} />
          <span className="num">{index + 1}</span>
        </li>
      ))}
    </ol>
  );
}
