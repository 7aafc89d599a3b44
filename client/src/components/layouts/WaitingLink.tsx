import { Link } from "react-router";
import { classes, Icon } from "@/components/ui";
import { paths } from "@/config/paths";
import { useQueueState } from "@/lib/offline/context";
import { navigation } from "@/messages/navigation";
import styles from "./WaitingLink.module.css";

/** How much is not yet with the server, on every page while there is any, and the way to the list of it. */
export function WaitingLink() {
  const { waiting, refused, stalled } = useQueueState();
  const [wait, bad] = [waiting.length, refused.length];
  if (wait + bad === 0) return null;
  return (
    <Link
      to={paths.waiting}
      className={classes(styles.waiting, bad > 0 && styles.bad)}
      aria-label={navigation.waiting(wait, bad)}
    >
      <Icon name={bad > 0 ? "warning" : stalled ? "offline" : "arrowUp"} small />
      <span className={styles.count}>{wait + bad}</span>
      <span className={styles.word}>{navigation.waiting(wait, bad)}</span>
    </Link>
  );
}
