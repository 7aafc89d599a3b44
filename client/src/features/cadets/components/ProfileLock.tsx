import { Button, Chip, useToast } from "@/components/ui";
import { useCan } from "@/lib/auth";
import { messageOf } from "@/lib/error-words";
import { cadets as words } from "@/messages/cadets";
import { nameOf, useUnlockProfile, type Cadet } from "../api/cadets";

/** Whether the cadet has completed the own profile, which locks it; only what is locked can be unlocked. */
export function ProfileLock({ cadet }: { cadet: Cadet }) {
  const mayWrite = useCan("roster.write");
  const unlock = useUnlockProfile();
  const toast = useToast();
  const locked = cadet.is_profile_completed;
  return (
    <section className="card pad stack-small" aria-label={words.profile}>
      <div className="row between">
        <h2>{words.profile}</h2>
        <Chip tone={locked ? "ok" : "plain"} icon={locked ? "lock" : "edit"}>
          {locked ? words.profileLocked : words.profileOpen}
        </Chip>
      </div>
      <p className="soft">{locked ? words.profileLockedBody : words.profileOpenBody}</p>
      {locked && mayWrite ? (
        <div>
          <Button
            busy={unlock.isPending}
            onClick={() =>
              unlock.mutate(cadet.id, {
                onSuccess: () => toast({ message: words.unlocked(nameOf(cadet)) }),
                onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
              })
            }
          >
            {words.unlock}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
