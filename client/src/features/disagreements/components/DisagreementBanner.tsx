import { Link } from "react-router";
import { Icon } from "@/components/ui";
import { paths } from "@/config/paths";
import { disagreements as words } from "@/messages/disagreements";
import { useDisagreements } from "../api/disagreements";
import styles from "./disagreements.module.css";

/** Says that marks differ between two devices, where any do: of one day, or of the whole term. */
export function DisagreementBanner({ termId, dayId = null }: { termId: number; dayId?: number | null }) {
  const count = useDisagreements(String(termId), dayId === null ? null : String(dayId), 1, 1).data?.total ?? 0;
  if (count === 0) return null;
  return (
    <p className={styles.banner} role="status">
      <Icon name="warning" small />
      <span className="grow">{words.banner(count)}</span>
      <Link to={paths.disagreements(termId)}>{words.look}</Link>
    </p>
  );
}
