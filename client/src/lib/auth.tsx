import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { api } from "@/lib/api-client";
import { can, type Permission } from "@/lib/authorization";
import { endSession, readSession, startSession, subscribeSession, type SignedIn, type User } from "@/lib/session";

type Auth = {
  user: User | null;
  /** Takes the answer of sign-in, activation or reset. A shared device keeps it for this tab only. */
  begin: (answer: SignedIn, options: { shared: boolean }) => void;
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

  const begin = useCallback<Auth["begin"]>((answer, options) => {
    startSession(answer, options);
  }, []);

  const signOut = useCallback(async () => {
    const kept = readSession();
    try {
      await api.post("/auth/logout", { body: { refresh_token: kept?.refreshToken } });
    } catch {
      // Without the server the device still forgets; the token dies by itself.
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
