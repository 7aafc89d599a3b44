import { useState } from "react";
import { Button, FormError, Select } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { choicesOf } from "@/lib/choices";
import { messageOf } from "@/lib/error-words";
import { unitNames, useUnits } from "@/lib/units";
import { accounts as words } from "@/messages/accounts";
import { common } from "@/messages/common";
import { useIssueCodes, type Account } from "../api/accounts";
import { CodeCards } from "./CodeCards";

/** Codes for one account, or for everybody of a company who has none yet. */
export function CodesDialog({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const issue = useIssueCodes();
  const units = useUnits();
  const { companies } = unitNames(units.data ?? [], { which: "found" });
  const [chosen, setCompany] = useState("");
  const company = chosen || (companies[0] ?? "");
  const failure = issue.error ?? (account ? null : units.error);
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
            <Button look="primary" busy={issue.isPending} disabled={!account && !company} onClick={make}>
              {account ? words.make : words.makeCodes}
            </Button>
          </>
        )
      }
    >
      <FormError>{failure ? messageOf(failure) : null}</FormError>
      {issue.data ? (
        <CodeCards issued={issue.data} />
      ) : account ? null : (
        <Select
          label={words.company}
          choices={choicesOf(companies)}
          value={company}
          onChange={(event) => setCompany(event.target.value)}
        />
      )}
    </Dialog>
  );
}
