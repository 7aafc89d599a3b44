import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { api } from "@/lib/api-client";
import { can, type Permission } from "@/lib/authorization";
import { finishLeaving, leaveLater } from "@/lib/leaving";
import { endSession, readSession, startSession, subscribeSession, type SignedIn, type User } from "@/lib/session";

type Auth = {
  user: User | null;
  /** Takes the answer of a sign-in or activation that was asked for under `handle`. */
  begin: (answer: SignedIn, handle: string) => void;
  signOut: () => Promise<void>;
};

const AuthContext = createContext<Auth | null>(null);

export function AuthProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  // Nothing one person saw may stay for the next, in whatever tab they changed. Before any page draws, so not in an effect.
  useState(() => {
    let person = readSession()?.user.id;
    subscribeSession(() => {
      const now = readSession()?.user.id;
      if (now !== person) queries.clear();
      person = now;
    });
  });
  const session = useSyncExternalStore(subscribeSession, readSession);
  const user = session?.user ?? null;

  // Sign-outs without a signal reach the server with the next one.
  useEffect(() => {
    const finish = () => void finishLeaving();
    finish();
    window.addEventListener("online", finish);
    return () => window.removeEventListener("online", finish);
  }, []);

  const begin = useCallback<Auth["begin"]>((answer, handle) => {
    startSession(answer, handle);
  }, []);

  const signOut = useCallback(async () => {
    const kept = readSession();
    try {
      await api.post("/auth/logout", { handle: kept?.handle, body: { refresh_token: kept?.refreshToken } });
    } catch {
      // Without the server the device still forgets.
      if (kept) leaveLater(kept.handle);
    } finally {
      endSession("signed-out");
    }
  }, []);

  const value = useMemo(() => ({ user, begin, signOut }), [user, begin, signOut]);
  return <AuthContext.Provider value={value}>{children}</AuthContext.Provider>;
}

export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error("useAuth needs an AuthProvider above it");
  return auth;
}

/** The signed-in person. Only for pages below the signed-in layout. */
export function useUser(): User {
  const { user } = useAuth();
  if (!user) throw new Error("useUser needs a signed-in person");
  return user;
}

export function useCan(permission: Permission): boolean {
  return can(useAuth().user, permission);
}
