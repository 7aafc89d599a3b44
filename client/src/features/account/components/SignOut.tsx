import { useContext, useState } from "react";
import { Button } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useAuth } from "@/lib/auth";
import { OfflineContext, useQueueState } from "@/lib/offline/context";
import { account } from "@/messages/account";
import { offline } from "@/messages/offline";

const words = offline.signOut;

/** Signs out; with something still on the device it asks first what becomes of it. */
export function SignOut() {
  const { signOut } = useAuth();
  const queue = useContext(OfflineContext);
  const { waiting, refused, stalled, lasting } = useQueueState();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const held = waiting.length + refused.length;

  const sendAndLeave = async () => {
    if (!queue) return;
    setBusy(true);
    await queue.flush();
    setBusy(false);
    setTried(true);
    const left = queue.snapshot();
    if (left.waiting.length + left.refused.length === 0) await signOut();
  };
  return (
    <>
      <Button icon="signOut" onClick={() => (held > 0 ? setAsking(true) : void signOut())}>
        {account.signOut}
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={words.title(held)}
        description={lasting ? words.body : words.notLasting}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{words.cancel}</Button>
            <Button look={lasting ? "plain" : "danger"} onClick={() => void signOut()}>
              {lasting ? words.keep : words.lose}
            </Button>
            {waiting.length > 0 ? (
              <Button look="primary" busy={busy} onClick={() => void sendAndLeave()}>
                {words.send}
              </Button>
            ) : null}
          </>
        }
      >
        {tried && waiting.length > 0 ? (
          <p role="alert">
            {words.still(waiting.length)} {stalled ? `${offline.stalled[stalled.why]}.` : ""}
          </p>
        ) : null}
        {refused.length > 0 ? <p>{words.refused(refused.length)}</p> : null}
      </Dialog>
    </>
  );
}
