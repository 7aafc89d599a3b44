import { useState } from "react";
import { Button, FormError, Select } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { messageOf } from "@/lib/error-words";
import { accounts as words } from "@/messages/accounts";
import { cadetChoices } from "@/messages/cadets";
import { common } from "@/messages/common";
import { useIssueCodes, type Account } from "../api/accounts";
import { CodeCards } from "./CodeCards";

/** Codes for one account, or for everybody of a company who has none yet. */
export function CodesDialog({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const issue = useIssueCodes();
  const [company, setCompany] = useState<string>(cadetChoices.companies[0]);
  const make = () => issue.mutate(account ? { user_ids: [account.id], renew: true } : { company, renew: true });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={account ? words.codeFor(account.display_name) : words.codesTitle}
      description={issue.data ? undefined : words.codesLead}
      footer={
        issue.data ? (
          <Button onClick={onClose}>{common.close}</Button>
        ) : (
          <>
            <Button onClick={onClose}>{common.cancel}</Button>
            <Button look="primary" busy={issue.isPending} onClick={make}>
              {account ? words.make : words.makeCodes}
            </Button>
          </>
        )
      }
    >
      <FormError>{issue.error ? messageOf(issue.error) : null}</FormError>
      {issue.data ? (
        <CodeCards issued={issue.data} />
      ) : account ? null : (
        <Select
          label={words.company}
          choices={cadetChoices.companies.map((value) => ({ value, label: value }))}
          value={company}
          onChange={(event) => setCompany(event.target.value)}
        />
      )}
    </Dialog>
  );
}
