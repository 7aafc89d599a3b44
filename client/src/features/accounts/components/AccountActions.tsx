import { useState } from "react";
import { Button, ButtonLink, useToast } from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { paths } from "@/config/paths";
import { useUser } from "@/lib/auth";
import { messageOf } from "@/lib/error-words";
import { accounts as words } from "@/messages/accounts";
import { security } from "@/messages/security";
import { useChangeAccount, useResetSecondStep, useUnlockAccount, type Account } from "../api/accounts";

export function AccountActions({ account }: { account: Account }) {
  const [closing, setClosing] = useState(false);
  const [resetting, setResetting] = useState(false);
  const reset = useResetSecondStep();
  const own = useUser().id === account.id;
  const change = useChangeAccount();
  const toast = useToast();
  const failed = (error: unknown) => toast({ message: messageOf(error), tone: "failed" });
  const reopen = () =>
    change.mutate(
      { id: account.id, is_active: true },
      { onSuccess: () => toast({ message: words.opened(account.display_name) }), onError: failed },
    );
  const unlocking = useUnlockAccount();
  const unlock = () =>
    unlocking.mutate(account.id, {
      onSuccess: () => toast({ message: words.unlocked(account.display_name) }),
      onError: failed,
    });
  return (
    <span className="row" role="group" aria-label={words.actions(account.display_name)}>
      {account.state === "awaiting_activation" ? (
        <ButtonLink tiny icon="key" to={paths.codeCardOf(account.id)}>
          {words.make}
        </ButtonLink>
      ) : null}
      {account.is_held_up ? (
        <Button tiny icon="lock" busy={unlocking.isPending} onClick={unlock}>
          {words.unlock}
        </Button>
      ) : null}
      {account.state === "deactivated" ? (
        <Button tiny icon="undo" busy={change.isPending} onClick={reopen}>
          {words.open}
        </Button>
      ) : (
        <Button tiny look="quiet" onClick={() => setClosing(true)}>
          {words.close}
        </Button>
      )}
      {account.has_second_factor && !own ? (
        <Button tiny look="quiet" onClick={() => setResetting(true)}>
          {security.reset}
        </Button>
      ) : null}
      <ConfirmDialog
        open={resetting}
        onClose={() => setResetting(false)}
        danger
        title={security.resetOf(account.display_name)}
        body={security.resetBody}
        confirm={security.resetDo}
        keep={words.keep}
        onConfirm={async () => {
          await reset.mutateAsync(account.id);
          toast({ message: security.resetDone(account.display_name) });
        }}
      />
      <ConfirmDialog
        open={closing}
        onClose={() => setClosing(false)}
        danger
        title={words.closeTitle(account.display_name)}
        body={words.closeBody}
        confirm={words.close}
        keep={words.keep}
        onConfirm={async () => {
          await change.mutateAsync({ id: account.id, is_active: false });
          toast({ message: words.closed(account.display_name), action: { label: words.open, run: reopen } });
        }}
      />
    </span>
  );
}
