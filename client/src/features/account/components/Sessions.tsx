import { Button, Chip, Icon, QueryView, SkeletonRows, useToast } from "@/components/ui";
import { formatMoment } from "@/lib/format";
import { messageOf } from "@/lib/error-words";
import { account as words } from "@/messages/account";
import { useEndOthers, useEndSession, useSessions, type SignIn } from "../api/account";
import { deviceName, isPhone } from "@/lib/device";
import styles from "./account.module.css";

function SessionRow({ one }: { one: SignIn }) {
  const end = useEndSession();
  const toast = useToast();
  const device = deviceName(one.user_agent);
  const run = () =>
    end.mutate(one.id, {
      onSuccess: () => toast({ message: words.ended(device) }),
      onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
    });
  return (
    <li className={styles.session}>
      <Icon name={isPhone(one.user_agent) ? "phone" : "laptop"} />
      <div className="grow">
        <p className="row">
          <b>{device}</b>
          {one.current ? (
            <Chip tone="ok" icon="check">
              {words.thisDevice}
            </Chip>
          ) : null}
        </p>
        <p className="small muted num">
          {one.address} · {words.lastUsed(formatMoment(one.last_used_at))} · {words.since(formatMoment(one.created_at))}
        </p>
      </div>
      {one.current ? null : (
        <Button busy={end.isPending} onClick={run} aria-label={words.endOf(device)}>
          {words.end}
        </Button>
      )}
    </li>
  );
}

/** Every device that can go on without a password, and a way to end it. */
export function Sessions() {
  const sessions = useSessions();
  const endOthers = useEndOthers();
  const toast = useToast();
  const others = (sessions.data?.data.length ?? 1) - 1;
  const run = () =>
    endOthers.mutate(undefined, {
      onSuccess: ({ ended }) => toast({ message: words.endedOthers(ended) }),
      onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
    });
  return (
    <section className="card">
      <div className="pad row">
        <div className="grow">
          <h2>{words.sessions}</h2>
          <p className="small muted">{words.sessionsHint}</p>
        </div>
        {others > 1 ? (
          <Button busy={endOthers.isPending} onClick={run}>
            {words.endOthers(others)}
          </Button>
        ) : null}
      </div>
      <QueryView
        query={sessions}
        what={words.sessionsWhat}
        skeleton={<SkeletonRows rows={2} columns={2} what={words.sessionsWhat} />}
      >
        {({ data }) => (
          <ul>
            {data.map((one) => (
              <SessionRow key={one.id} one={one} />
            ))}
          </ul>
        )}
      </QueryView>
    </section>
  );
}
