import type { ROLES } from "@/types/domain";

export type Role = (typeof ROLES)[number];

export type User = {
  id: number;
  username: string;
  role: Role;
  positions: string[];
  cadet_id: number | null;
  staff_id: number | null;
  display_name: string;
  must_change_password: boolean;
};

/** `expiresAt` in milliseconds of this device's clock. */
export type Session = { token: string; refreshToken: string; expiresAt: number; user: User };

export type SignedIn = { token: string; refresh_token: string; expires_in: number; user: User };

/** How the last session of this page ended: by its owner, or because the server no longer knew it. */
export type Ending = "none" | "signed-out" | "expired";

const KEY = "rgms.session";

let memory: Session | null = null;
let ending: Ending = "none";
const listeners = new Set<() => void>();

const storages = (): Storage[] => [window.sessionStorage, window.localStorage];

function parse(text: string | null): Session | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as Partial<Session>;
    return typeof value.token === "string" && typeof value.refreshToken === "string" && value.user ? (value as Session) : null;
  } catch {
    return null;
  }
}

/** The session as stored now; another tab may have renewed it or signed out since the last look. */
export function readSession(): Session | null {
  for (const storage of storages()) {
    const found = parse(storage.getItem(KEY));
    if (found) {
      // The same object for the same session, or every look would draw the page again.
      if (JSON.stringify(found) !== JSON.stringify(memory)) memory = found;
      return memory;
    }
  }
  memory = null;
  return null;
}

/** On a shared device the session lives in this tab only and ends with it. */
export function startSession(answer: SignedIn, options: { shared: boolean }): Session {
  clearStored();
  return store(answer, options.shared ? window.sessionStorage : window.localStorage);
}

/** Keeps what the server now says of the person, where the session already lives. */
export function renewUser(user: User): void {
  const home = storages().find((storage) => storage.getItem(KEY) !== null);
  const session = readSession();
  if (!home || !session) return;
  memory = { ...session, user };
  home.setItem(KEY, JSON.stringify(memory));
  notify();
}

/** Keeps a renewed token where the session already lives. Does nothing when the person has signed out meanwhile. */
export function renewSession(answer: SignedIn): Session | null {
  const home = storages().find((storage) => storage.getItem(KEY) !== null);
  return home ? store(answer, home) : null;
}

export function endSession(how: Exclude<Ending, "none">): void {
  clearStored();
  memory = null;
  ending = how;
  notify();
}

export const lastEnding = (): Ending => ending;

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function store(answer: SignedIn, storage: Storage): Session {
  memory = {
    token: answer.token,
    refreshToken: answer.refresh_token,
    expiresAt: Date.now() + answer.expires_in * 1000,
    user: answer.user,
  };
  storage.setItem(KEY, JSON.stringify(memory));
  notify();
  return memory;
}

function clearStored(): void {
  for (const storage of storages()) storage.removeItem(KEY);
}

function notify(): void {
  for (const listener of listeners) listener();
}

// Signing out, or in, in one tab is seen by all of them.
window.addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) {
    // Another tab signed out: this one follows without asking to come back here.
    if (readSession() === null) ending = "signed-out";
    notify();
  }
});
