import { useEffect, useRef, useState } from "react";
import { useToast } from "@/components/ui";
import { lastEnding, readSession } from "@/lib/session";
import { common } from "@/messages/common";

type Values = Record<string, unknown>;

// In the memory of this page alone: what somebody typed about a cadet is not for the disk of a shared device.
const drafts = new Map<string, Values>();
const SECRET = /password|code|token/i;

/**
 * What was typed in a form when the session ended under it, for the same person on the same page. Passwords and codes are not
 * kept.
 *
 * Args:
 *     initial: the values of the form as it opens; its names tell one form of a page from another.
 */
export function useDraft<T extends Values>(initial: T) {
  const toast = useToast();
  const [key] = useState(() => [readSession()?.user.id, window.location.pathname, ...Object.keys(initial)].join(" "));
  const [found] = useState(() => drafts.get(key) as Partial<T> | undefined);
  const latest = useRef(initial);

  useEffect(() => {
    if (!found) return;
    drafts.delete(key);
    toast({ message: common.draftBack });
  }, [found, key, toast]);
  useEffect(
    () => () => {
      if (readSession() !== null || lastEnding() !== "expired") return;
      const typed = Object.entries(latest.current).filter(([name, value]) => value !== initial[name] && !SECRET.test(name));
      if (typed.length > 0) drafts.set(key, Object.fromEntries(typed));
    },
    // What the form opened with, not what a later render would open it with.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [],
  );
  return {
    values: { ...initial, ...found },
    /** Tells what the form holds now. */
    hold: (values: T) => {
      latest.current = values;
    },
  };
}
