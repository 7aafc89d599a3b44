import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { env } from "@/config/env";
import { api, renewToken } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import { readSession, subscribeSession } from "@/lib/session";
import { SharedRealtime } from "./shared";
import { type Connection, type Credential, type Frame } from "./socket";

type Listener = (frame: Frame) => void;
type Realtime = { connection: Connection; listen: (listener: Listener) => () => void };

const RealtimeContext = createContext<Realtime | null>(null);

const EXPIRY_MARGIN = 30_000;

async function credential(afterRefusal: boolean): Promise<Credential | null> {
  const session = readSession();
  if (!session) return null;
  const token = afterRefusal || session.expiresAt - EXPIRY_MARGIN < Date.now() ? await renewToken(session.token) : session.token;
  if (!token) return null;
  try {
    return await api.post<{ ticket: string }>("/realtime/tickets").then(({ ticket }) => ({ ticket }));
  } catch (error) {
    // The service that gives tickets may be down while the sockets are not.
    if (error instanceof ApiError && (error.status >= 500 || error.status === 429)) return { token };
    throw error;
  }
}

/** Holds the one socket of this person's tabs. A shared device may have another person in another tab, so the tabs meet by user. */
export function RealtimeProvider({ userId, children }: { userId: number; children: ReactNode }) {
  const queries = useQueryClient();
  const listeners = useRef(new Set<Listener>());
  const [connection, setConnection] = useState<Connection>({ kind: "idle" });
  const token = useSyncExternalStore(subscribeSession, () => readSession()?.token ?? null);
  const socket = useRef<SharedRealtime | null>(null);

  useEffect(() => {
    const live = new SharedRealtime(`rgms.realtime.${userId}`, {
      wsUrl: env.wsUrl,
      credential,
      onFrame: (frame) => listeners.current.forEach((listener) => listener(frame)),
      onReset: () => void queries.invalidateQueries(),
      onState: setConnection,
    });
    socket.current = live;
    live.start();
    return () => {
      live.stop();
      socket.current = null;
    };
  }, [queries, userId]);

  useEffect(() => {
    if (token) socket.current?.authenticate(token);
  }, [token]);

  const value = useMemo<Realtime>(
    () => ({
      connection,
      listen: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [connection],
  );
  return <RealtimeContext.Provider value={value}>{children}</RealtimeContext.Provider>;
}

export function useConnection(): Connection {
  return useContext(RealtimeContext)?.connection ?? { kind: "idle" };
}

/** Calls `handler` for every frame whose type is in `types`. The handler may change between renders. */
export function useRealtimeEvents(types: readonly string[], handler: (frame: Frame) => void): void {
  const realtime = useContext(RealtimeContext);
  const listen = realtime?.listen;
  const latest = useRef(handler);
  const wanted = types.join(" ");
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!listen) return;
    const set = new Set(wanted.split(" "));
    return listen((frame) => {
      if (set.has(frame.type)) latest.current(frame);
    });
  }, [listen, wanted]);
}
