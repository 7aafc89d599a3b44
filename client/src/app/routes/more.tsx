import { Link } from "react-router";
import { Page } from "@/components/layouts/Page";
import { placesFor } from "@/components/layouts/navigation";
import { Icon } from "@/components/ui";
import { paths } from "@/config/paths";
import { useUser } from "@/lib/auth";
import { common } from "@/messages/common";
import { navigation as words } from "@/messages/navigation";
import styles from "./more.module.css";

/** The places that did not fit in the phone's bar. */
export function Component() {
  const places = placesFor(useUser()).slice(4);
  return (
    <Page title={common.more} layout="plain">
      <ul className={styles.list}>
        {[...places, { to: paths.account, label: words.account, icon: "person" as const }].map((place) => (
          <li key={place.to}>
            <Link to={place.to}>
              <Icon name={place.icon} />
              <span className="grow">{place.label}</span>
              <Icon name="right" small />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
