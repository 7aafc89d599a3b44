import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, type ReactNode } from "react";
import { useAuth } from "@/lib/auth";
import { useConnection } from "@/lib/realtime/realtime";
import { OfflineContext } from "./context";
import { ROUTES, type Fact } from "./facts";
import { OfflineQueue } from "./queue";

// Scores that are typed one after the other renew the lists once, after the last.
const QUIET = 800;

/** Holds the queue of whoever is signed in, sends it wherever in the app one is, and renews the lists when it has arrived. */
export function OfflineProvider({ children }: { children: ReactNode }) {
  const { user } = useAuth();
  const id = user?.id;
  const name = user?.display_name ?? "";
  const queue = useMemo(() => (id === undefined ? null : new OfflineQueue({ id, name })), [id, name]);
  const connection = useConnection().kind;

  useEffect(() => {
    if (!queue) return;
    void queue.start();
    const flush = () => void queue.flush();
    const onVisible = () => document.visibilityState === "visible" && flush();
    const onLeave = (event: BeforeUnloadEvent) => {
      const { lasting, waiting, refused } = queue.snapshot();
      // The browser asks in its own words whether to leave.
      if (!lasting && waiting.length + refused.length > 0) event.preventDefault();
    };
    window.addEventListener("online", flush);
    window.addEventListener("beforeunload", onLeave);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      window.removeEventListener("online", flush);
      window.removeEventListener("beforeunload", onLeave);
      document.removeEventListener("visibilitychange", onVisible);
      queue.stop();
    };
  }, [queue]);
  useEffect(() => {
    if (connection === "live") void queue?.flush();
  }, [connection, queue]);

  return (
    <OfflineContext.Provider value={queue}>
      {queue ? <Renewal queue={queue} /> : null}
      {children}
    </OfflineContext.Provider>
  );
}

/** Reads the lists again that show what arrived, and only then stops laying it over them. */
function Renewal({ queue }: { queue: OfflineQueue }) {
  const queries = useQueryClient();
  useEffect(() => {
    let arrived: Fact[] = [];
    let timer = 0;
    const renew = async () => {
      const facts = arrived;
      arrived = [];
      const lists = new Set(facts.flatMap((fact) => ROUTES[fact.kind].shownIn));
      await Promise.all([...lists].map((list) => queries.invalidateQueries({ queryKey: [list] })));
      queue.shown(facts);
    };
    const end = queue.onArrival(({ facts }) => {
      arrived = [...arrived, ...facts];
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void renew(), QUIET);
    });
    return () => {
      end();
      window.clearTimeout(timer);
    };
  }, [queue, queries]);
  return null;
}
