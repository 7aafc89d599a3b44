import { Link } from "react-router";
import { Icon } from "@/components/ui";
import { paths } from "@/config/paths";
import { addresses as words } from "@/messages/addresses";
import { useWaitingAddresses } from "../api/addresses";
import styles from "./addresses.module.css";

/** Says that addresses wait for a second officer, where there are any. */
export function WaitingBanner() {
  const waiting = useWaitingAddresses(1, 1).data?.total ?? 0;
  if (waiting === 0) return null;
  return (
    <p className={styles.banner} role="status">
      <Icon name="key" small />
      <span className="grow">{words.banner(waiting)}</span>
      <Link to={paths.addresses}>{words.look}</Link>
    </p>
  );
}
