import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { StaleBanner, useToast } from "@/components/ui";
import { formatTime } from "@/lib/format";
import { useConnection } from "@/lib/realtime/realtime";
import { common } from "@/messages/common";

// A blink of the network is nobody's business; what lasts longer is said.
const GRACE = 3_000;

/** Says since when the page hears nothing, and renews everything once it does again. */
export function NetworkBanner() {
  const connection = useConnection();
  const toast = useToast();
  const queries = useQueryClient();
  const lost = connection.kind === "reconnecting" || connection.kind === "offline";
  const since = lost ? connection.since : null;
  const [late, setLate] = useState<number | null>(null);
  const told = useRef(false);

  useEffect(() => {
    if (since === null) {
      setLate(null);
      return;
    }
    const timer = window.setTimeout(() => setLate(since), Math.max(0, since + GRACE - Date.now()));
    return () => window.clearTimeout(timer);
  }, [since]);

  useEffect(() => {
    if (late !== null) told.current = true;
    else if (told.current && connection.kind === "live") {
      told.current = false;
      toast({ message: common.stale.back });
      void queries.invalidateQueries();
    }
  }, [late, connection.kind, toast, queries]);

  if (late === null || since === null) return null;
  const words = connection.kind === "offline" ? common.stale.offline : common.stale.reconnecting;
  return <StaleBanner since={since}>{words(formatTime(since))}</StaleBanner>;
}
