import { createContext, useEffect, useState, type ReactNode } from "react";
import { useIsPhone } from "@/hooks/use-media";
import { ApiError } from "@/lib/api-error";
import { messageOf } from "@/lib/error-words";
import { formatTime } from "@/lib/format";
import { common } from "@/messages/common";
import { Button } from "./Button";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import styles from "./states.module.css";

/** A grey length in the place of what is loading. Wrap several in <Loading>. */
export function Skeleton({ width = "100%", height = 12 }: { width?: string; height?: number }) {
  return <span className={styles.skeleton} style={{ width, height }} />;
}

/** Tells a reader that something loads, and hides the grey shapes from it. */
export function Loading({ what, children }: { what?: string; children: ReactNode }) {
  return (
    <div role="status" aria-live="polite">
      <span className="sr-only">{what ? `${common.loading}: ${what}` : common.loading}</span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

const WIDTHS = ["72%", "54%", "80%", "46%", "64%"];

/** Rows of a list that loads; on a phone one column, as the list will have. */
export function SkeletonRows({ rows = 12, columns = 4, what }: { rows?: number; columns?: number; what?: string }) {
  const shown = useIsPhone() ? 1 : columns;
  return (
    <Loading {...(what === undefined ? {} : { what })}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.skeletonRow}>
          {Array.from({ length: shown }, (_, column) => (
            <Skeleton key={column} width={WIDTHS[(row + column * 2) % WIDTHS.length]!} />
          ))}
        </div>
      ))}
    </Loading>
  );
}

/** What this place is for, and the next step. */
export function EmptyState({
  icon = "inbox",
  title,
  children,
  action,
}: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles.state}>
      <Icon name={icon} className={styles.stateIcon} />
      <h2>{title}</h2>
      {children ? <div className={styles.words}>{children}</div> : null}
      {action}
    </div>
  );
}

/** What failed, why, what was kept, and a way to try again. */
export function ErrorState({
  what,
  error,
  kept,
  onRetry,
  level = 2,
}: {
  what: string;
  error: unknown;
  kept?: string;
  onRetry?: () => void;
  level?: 1 | 2;
}) {
  const reference = error instanceof ApiError && error.status >= 500 ? error.requestId : null;
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className={styles.state} role="alert">
      <Icon
        name={error instanceof ApiError && error.isNetwork ? "offline" : "warning"}
        className={classes(styles.stateIcon, styles.bad)}
      />
      <Heading>{common.errors.couldNotLoad(what)}</Heading>
      <div className={styles.words}>
        <p>
          {messageOf(error)} {kept ?? ""}
        </p>
        {reference ? <p className="small muted">{common.errors.reference(reference)}</p> : null}
      </div>
      {onRetry ? (
        <Button icon="refresh" onClick={onRetry}>
          {common.retry}
        </Button>
      ) : null}
    </div>
  );
}

/** Above data that is shown although it could not be renewed. `since` is when it was last known to be true. */
export function StaleBanner({ since, children, onRetry }: { since: number; children?: ReactNode; onRetry?: () => void }) {
  return (
    <div className={styles.stale} role="status">
      <Icon name="clock" small />
      <span className="grow">{children ?? common.stale.asOf(formatTime(since))}</span>
      {onRetry ? (
        <Button tiny look="quiet" onClick={onRetry}>
          {common.retry}
        </Button>
      ) : null}
    </div>
  );
}

/** A refused form, in words, above its fields. */
export function FormError({ children }: { children: ReactNode }) {
  return children ? (
    <p className={styles.formError} role="alert">
      <Icon name="warning" />
      <span>{children}</span>
    </p>
  ) : null;
}

type QueryLike<T> = {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  dataUpdatedAt: number;
  refetch: () => unknown;
  /** The rows of what was chosen before, while those of what is chosen now come. */
  isPlaceholderData?: boolean;
  /** "paused": there is no signal, so nothing was asked. */
  fetchStatus?: "fetching" | "paused" | "idle";
};

/** Whether the rows shown are those of a former choice: seen, and not to be touched. */
export const FormerRows = createContext(false);

const LATE = 6_000;

/** Says after a while that one still waits, and for whom. */
function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), LATE);
    return () => window.clearTimeout(timer);
  }, []);
  return late ? <StaleBanner since={0}>{common.stale.waiting}</StaleBanner> : null;
}

/** The states of a screen in one place: skeleton, error, no signal, stale or former data, data (which draws its own empty state). */
export function QueryView<T>({
  query,
  what,
  skeleton,
  children,
}: {
  query: QueryLike<T>;
  what: string;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const retry = () => void query.refetch();
  const paused = query.fetchStatus === "paused";
  if (query.data !== undefined) {
    const former = query.isPlaceholderData === true;
    return (
      <>
        {query.error ? <StaleBanner since={query.dataUpdatedAt} onRetry={retry} /> : null}
        {former && paused ? <StaleBanner since={0}>{common.stale.former}</StaleBanner> : null}
        {former && !paused ? <Waiting /> : null}
        <FormerRows value={former}>{children(query.data)}</FormerRows>
      </>
    );
  }
  if (query.error) return <ErrorState what={what} error={query.error} onRetry={retry} />;
  if (paused)
    return (
      <EmptyState icon="offline" title={common.away.title(what)}>
        <p>{common.away.noSignal}</p>
      </EmptyState>
    );
  return (
    <>
      <Waiting />
      {skeleton}
    </>
  );
}

/** How far a job is. Unknown progress is shown as such, not as zero. */
export function ProgressBar({ value, label }: { value: number | null; label: string }) {
  return (
    <div className={styles.progress}>
      <div className="row between small">
        <span>{label}</span>
        <span className="num">{value === null ? "" : `${Math.round(value)} %`}</span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(value === null ? {} : { "aria-valuenow": Math.round(value) })}
        className={styles.track}
      >
        <span
          className={classes(value === null && styles.unknown)}
          style={{ width: value === null ? "40%" : `${Math.min(100, Math.max(0, value))}%` }}
        />
      </div>
    </div>
  );
}
