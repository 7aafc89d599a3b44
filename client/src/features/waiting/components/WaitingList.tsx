import { Button, ButtonLink, EmptyState, Icon, SkeletonRows, useToast, type AttendanceStatus } from "@/components/ui";
import { formatMoment, formatTime } from "@/lib/format";
import type { Fact } from "@/lib/offline/facts";
import { useOfflineQueue, useQueueState } from "@/lib/offline/context";
import { common } from "@/messages/common";
import { offline as words } from "@/messages/offline";
import styles from "./waiting.module.css";

/** Where a refused record is made anew: the page it came from, which for merits takes it up again. */
const changeOf = (fact: Fact): string => (fact.kind === "points" ? `${fact.about.to}&change=${fact.id}` : fact.about.to);

function theirsOf({ refusal }: Fact): string {
  if (!refusal?.current) return "";
  const { status, value, occurred_at } = refusal.current;
  const said = status ? common.status[status as AttendanceStatus] : (value ?? words.noValue);
  return words.theirs(said, formatTime(occurred_at));
}

function About({ fact }: { fact: Fact }) {
  return (
    <div className="grow">
      <b>{fact.about.who || words.somebody}</b> {fact.about.what}
      <br />
      <span className="small muted">
        {[words.kind[fact.kind], fact.about.where, words.madeAt(formatMoment(fact.body.occurred_at))].filter(Boolean).join(" · ")}
      </span>
      {fact.refusal ? (
        <p className={styles.why}>
          <Icon name="warning" small /> {fact.refusal.message} {theirsOf(fact)}
        </p>
      ) : null}
    </div>
  );
}

/** What this device still holds of the person: on its way, refused with its reason, and whose else something waits here. */
export function WaitingList() {
  const queue = useOfflineQueue();
  const state = useQueueState();
  const toast = useToast();
  const { waiting, refused, others, stalled, lasting } = state;
  const discard = (facts: readonly Fact[]) =>
    void queue
      .discard(facts)
      .then(() =>
        toast({ message: words.discarded(facts.length), action: { label: common.undo, run: () => void queue.restore(facts) } }),
      );
  if (!state.read) return <SkeletonRows rows={4} columns={2} />;
  return (
    <div className="stack">
      {waiting.length + refused.length === 0 ? (
        <EmptyState icon="check" title={words.nothing}>
          <p>{words.nothingBody}</p>
        </EmptyState>
      ) : (
        <p className="soft">{lasting ? words.lead : words.notLasting}</p>
      )}
      {refused.length > 0 ? (
        <section className="card pad stack-small" aria-labelledby="refused">
          <div className="row between">
            <h2 id="refused">
              {words.refusedTitle} <span className="num">{refused.length}</span>
            </h2>
            {refused.length > 1 ? (
              <Button tiny icon="close" onClick={() => discard(refused)}>
                {words.discardAll}
              </Button>
            ) : null}
          </div>
          <p className="soft">{words.refusedBody}</p>
          <ul className={styles.list}>
            {refused.map((fact) => (
              <li key={fact.id}>
                <About fact={fact} />
                <div className={styles.actions}>
                  {fact.refusal?.current ? (
                    <Button tiny icon="check" onClick={() => void queue.insist([fact])}>
                      {words.useMine}
                    </Button>
                  ) : fact.refusal?.stored ? null : (
                    <Button tiny icon="refresh" onClick={() => void queue.retry([fact])}>
                      {words.again}
                    </Button>
                  )}
                  <ButtonLink tiny icon="edit" to={changeOf(fact)}>
                    {words.change}
                  </ButtonLink>
                  <Button tiny icon="close" onClick={() => discard([fact])}>
                    {fact.refusal?.current ? words.keepTheirs : fact.refusal?.stored ? words.understood : words.discard}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {waiting.length > 0 ? (
        <section className="card pad stack-small" aria-labelledby="waiting">
          <div className="row between">
            <h2 id="waiting">
              {words.waitingTitle} <span className="num">{waiting.length}</span>
            </h2>
            <Button look="primary" icon="refresh" busy={state.sending} onClick={() => void queue.flush()}>
              {words.sendNow}
            </Button>
          </div>
          {stalled ? (
            <p role="status" className={styles.stalled}>
              <Icon name="offline" small /> {words.stalled[stalled.why]}, {words.since(formatTime(stalled.since))}.
            </p>
          ) : null}
          <ul className={styles.list}>
            {waiting.map((fact) => (
              <li key={fact.id}>
                <About fact={fact} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {others.length > 0 ? (
        <section className="card pad stack-small" aria-labelledby="others">
          <h2 id="others">{words.others}</h2>
          {others.map((holder) => (
            <p key={holder.id}>
              <Icon name="lock" small /> {words.othersBody(holder.count, holder.name)}
            </p>
          ))}
        </section>
      ) : null}
    </div>
  );
}
