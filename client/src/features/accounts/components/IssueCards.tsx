import { useState } from "react";
import { Button, FormError } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { messageOf } from "@/lib/error-words";
import { accounts as words } from "@/messages/accounts";
import { common } from "@/messages/common";
import { liveCodesOf, useIssueCodes, type IssuedCodes, type LiveCodes } from "../api/accounts";
import styles from "./cards.module.css";

export type Meant = { cadet_ids: number[] } | { user_ids: number[]; renew: true };
type Props = { title: string; meant: Meant; onIssued: (issued: IssuedCodes) => void };

/** What is about to be made, and the question that comes first when cards are out that still work. */
export function IssueCards({ title, meant, onIssued }: Props) {
  const issue = useIssueCodes();
  const [live, setLive] = useState<number | null>(null);
  const make = (codes: LiveCodes) =>
    issue.mutate(
      { ...meant, live: codes },
      {
        onSuccess: (issued) => {
          setLive(null);
          onIssued(issued);
        },
        onError: (error) => setLive(liveCodesOf(error)),
      },
    );
  const refused = issue.error && liveCodesOf(issue.error) === null ? messageOf(issue.error) : null;
  const close = () => setLive(null);
  return (
    <div className={styles.lead}>
      <h2>{title}</h2>
      <ul>
        {words.rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      <FormError>{live === null ? refused : null}</FormError>
      <Button look="primary" icon="key" busy={issue.isPending} onClick={() => make("ask")}>
        {"user_ids" in meant ? words.make : words.makeCards}
      </Button>
      {live === null ? null : (
        <Dialog
          open
          onClose={close}
          title={words.liveTitle(live)}
          description={words.liveBody}
          footer={
            <>
              <Button onClick={close}>{common.cancel}</Button>
              {"user_ids" in meant ? null : (
                <Button busy={issue.isPending} onClick={() => make("keep")}>
                  {words.liveKeep}
                </Button>
              )}
              <Button look="danger" busy={issue.isPending} onClick={() => make("replace")}>
                {words.liveReplace(live)}
              </Button>
            </>
          }
        >
          <FormError>{refused}</FormError>
        </Dialog>
      )}
    </div>
  );
}
