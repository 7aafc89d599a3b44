import { Button, QueryView, Skeleton, useToast } from "@/components/ui";
import { messageOf } from "@/lib/error-words";
import { formatMoment } from "@/lib/format";
import { addresses as words } from "@/messages/addresses";
import { useDecide, useOwnEmail, type Decision } from "../api/addresses";
import styles from "./addresses.module.css";

/** Where reset links go, and an address that the office proposes. */
export function OwnEmail() {
  const query = useOwnEmail();
  const decide = useDecide();
  const toast = useToast();
  const run = (id: number, decision: Decision) =>
    decide.mutate(
      { id, decision },
      {
        onSuccess: () => toast({ message: words.done[decision] }),
        onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
      },
    );
  return (
    <section className="card pad stack-small">
      <h2>{words.own}</h2>
      <QueryView query={query} what={words.ownWhat} skeleton={<Skeleton height={20} />}>
        {({ email, waiting }) => (
          <>
            <p>{email ?? words.noAddress}</p>
            <p className="small muted">{words.ownHint}</p>
            {waiting ? (
              <div className={styles.notice} role="status">
                <p>
                  <b>{words.proposed(waiting.new_email ?? words.noAddress)}</b>
                </p>
                <p className="small">{words.proposedHint(formatMoment(waiting.proposed_at))}</p>
                <div className="row">
                  <Button look="primary" busy={decide.isPending} onClick={() => run(waiting.id, "accept")}>
                    {words.mine}
                  </Button>
                  <Button busy={decide.isPending} onClick={() => run(waiting.id, "refuse")}>
                    {words.notMine}
                  </Button>
                </div>
              </div>
            ) : null}
          </>
        )}
      </QueryView>
    </section>
  );
}
