import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import type { FactKind } from "./facts";
import type { OfflineQueue } from "./queue";
import { EMPTY, type Arrival, type QueueState } from "./state";

export const OfflineContext = createContext<OfflineQueue | null>(null);

const never = () => () => undefined;
const nothing = () => EMPTY;

/** The queue of whoever is signed in. Only for pages below the signed-in layout. */
export function useOfflineQueue(): OfflineQueue {
  const queue = useContext(OfflineContext);
  if (!queue) throw new Error("useOfflineQueue needs a signed-in person and an OfflineProvider above it");
  return queue;
}

/** What waits, for anybody who shows it; nothing where nobody is signed in. */
export function useQueueState(): QueueState {
  const queue = useContext(OfflineContext);
  return useSyncExternalStore(queue?.subscribe ?? never, queue?.snapshot ?? nothing);
}

/** Calls `handler` with the facts of a kind that the server took, and the gradebook's rows after them. */
export function useArrivals(kind: FactKind, handler: (arrival: Arrival) => void): void {
  const queue = useOfflineQueue();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(
    () =>
      queue.onArrival((arrival) => {
        const facts = arrival.facts.filter((fact) => fact.kind === kind);
        if (facts.length > 0) latest.current({ ...arrival, facts });
      }),
    [queue, kind],
  );
}
