import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { env } from "@/config/env";
import { renewToken } from "@/lib/api-client";
import { readSession, subscribeSession } from "@/lib/session";
import { RealtimeSocket, type Connection, type Frame } from "./socket";

type Listener = (frame: Frame) => void;
type Realtime = { connection: Connection; listen: (listener: Listener) => () => void };

const RealtimeContext = createContext<Realtime | null>(null);

const EXPIRY_MARGIN = 30_000;

async function goodToken(afterRefusal: boolean): Promise<string | null> {
  const session = readSession();
  if (!session) return null;
  return afterRefusal || session.expiresAt - EXPIRY_MARGIN < Date.now() ? renewToken(session.token) : session.token;
}

/** Holds the page's one socket while somebody is signed in. */
export function RealtimeProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const listeners = useRef(new Set<Listener>());
  const [connection, setConnection] = useState<Connection>({ kind: "idle" });
  const token = useSyncExternalStore(subscribeSession, () => readSession()?.token ?? null);
  const socket = useRef<RealtimeSocket | null>(null);

  useEffect(() => {
    const live = new RealtimeSocket({
      wsUrl: env.wsUrl,
      token: goodToken,
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
  }, [queries]);

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
