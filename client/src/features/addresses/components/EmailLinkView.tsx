import { Button, FormError, QueryView, Skeleton } from "@/components/ui";
import { messageOf } from "@/lib/error-words";
import { addresses as words } from "@/messages/addresses";
import { useDecideByLink, useEmailLink } from "../api/addresses";
import styles from "./addresses.module.css";

/** What the old address can say about its change. */
export function EmailLinkView({ token }: { token: string }) {
  const query = useEmailLink(token);
  const decide = useDecideByLink(token);
  return (
    <QueryView query={query} what={words.linkWhat} skeleton={<Skeleton height={60} />}>
      {({ state, old_email, new_email }) => (
        <div className="stack">
          <dl className={styles.pair}>
            <dt>{words.columns.old}</dt>
            <dd>{old_email ?? words.noAddress}</dd>
            <dt>{words.columns.new}</dt>
            <dd>{new_email ?? words.noAddress}</dd>
          </dl>
          <p role="status">{words.linkState[state as keyof typeof words.linkState]}</p>
          <FormError>{decide.error ? messageOf(decide.error) : null}</FormError>
          {state === "waiting" ? (
            <Button look="primary" wide busy={decide.isPending} onClick={() => decide.mutate("accept")}>
              {words.mine}
            </Button>
          ) : null}
          {state === "waiting" || state === "applied" ? (
            <Button
              look={state === "applied" ? "danger" : "plain"}
              wide
              busy={decide.isPending}
              onClick={() => decide.mutate("undo")}
            >
              {state === "applied" ? words.undo : words.notMine}
            </Button>
          ) : null}
        </div>
      )}
    </QueryView>
  );
}
