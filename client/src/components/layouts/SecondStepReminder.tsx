import { Link, useLocation } from "react-router";
import { Icon } from "@/components/ui";
import { paths } from "@/config/paths";
import { useUser } from "@/lib/auth";
import { formatDate } from "@/lib/format";
import { security as words } from "@/messages/security";
import styles from "./SecondStepReminder.module.css";

/** Says until when a second step has to be there, while there is time. */
export function SecondStepReminder() {
  const { second_factor_due_at: until } = useUser();
  const { pathname } = useLocation();
  if (!until || pathname === paths.account) return null;
  return (
    <p className={styles.banner} role="status">
      <Icon name="lock" small />
      <span className="grow">{words.reminder(formatDate(until))}</span>
      <Link to={paths.account}>{words.reminderDo}</Link>
    </p>
  );
}
