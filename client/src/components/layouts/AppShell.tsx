import { Suspense } from "react";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { ErrorBoundary } from "@/components/errors/ErrorBoundary";
import { classes, Icon, SkeletonRows } from "@/components/ui";
import { paths } from "@/config/paths";
import { useUser } from "@/lib/auth";
import { common } from "@/messages/common";
import { navigation as words } from "@/messages/navigation";
import styles from "./AppShell.module.css";
import { Avatar } from "./Avatar";
import { Crest } from "./Crest";
import { NetworkBanner } from "./NetworkBanner";
import { placesFor, type Place } from "./navigation";
import { SecondStepReminder } from "./SecondStepReminder";

const IN_BAR = 5;

// A cadet under /imports or /training-days still stands in the place it belongs to.
const BELONGS: readonly [prefix: string, place: string][] = [
  [paths.imports, paths.cadets],
  ["/training-days", paths.terms],
];

function PlaceLink({ place, hiddenOnPhone }: { place: Place; hiddenOnPhone: boolean }) {
  const { pathname } = useLocation();
  const belongs = BELONGS.some(([prefix, to]) => to === place.to && pathname.startsWith(prefix));
  return (
    <NavLink
      to={place.to}
      end={place.end ?? false}
      className={({ isActive }) =>
        classes(styles.place, (isActive || belongs) && styles.here, hiddenOnPhone && styles.laptopOnly)
      }
      {...(belongs ? { "aria-current": "page" as const } : {})}
    >
      <Icon name={place.icon} />
      <span>{place.label}</span>
    </NavLink>
  );
}

/** One shell for every role: a rail on a laptop, a bar of at most five on a phone. */
export function AppShell() {
  const user = useUser();
  const places = placesFor(user);
  const overflows = places.length > IN_BAR;
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {common.skipToContent}
      </a>
      <nav className={styles.rail} aria-label={common.mainNavigation}>
        <Link to={paths.home} className={styles.mark} aria-label={`${common.appName}, ${words.home}`}>
          <Crest />
        </Link>
        {places.map((place, index) => (
          <PlaceLink key={place.to} place={place} hiddenOnPhone={overflows && index >= IN_BAR - 1} />
        ))}
        {overflows ? (
          <NavLink to="/more" className={({ isActive }) => classes(styles.place, styles.phoneOnly, isActive && styles.here)}>
            <Icon name="more" />
            <span>{common.more}</span>
          </NavLink>
        ) : null}
        <Link
          to={paths.account}
          className={styles.me}
          aria-label={words.yourAccount(user.display_name)}
          title={user.display_name}
        >
          <Avatar name={user.display_name} onRail />
        </Link>
      </nav>
      <main className={styles.main} id="content" tabIndex={-1}>
        <NetworkBanner />
        <SecondStepReminder />
        <Suspense fallback={<SkeletonRows />}>
          <ErrorBoundary>
            <Outlet />
          </ErrorBoundary>
        </Suspense>
      </main>
    </div>
  );
}
