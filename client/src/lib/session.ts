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
  /** What this person has to do before anything else; the server refuses the rest until then. */
  due: "password" | "second_factor" | null;
  has_second_factor: boolean;
  /** Until when a second step of signing in has to be there; null when none is missing. */
  second_factor_due_at: string | null;
};

/**
 * Who is signed in. The device keeps the person and the handle of the sign-in, so that the page knows its owner without a
 * signal; the access token lives in this page alone (null: ask for one), and the refresh token in a cookie no script reads.
 * `expiresAt` in milliseconds of this device's clock; `refreshToken` only where an earlier release left one.
 */
export type Session = { handle: string; user: User; token: string | null; expiresAt: number; refreshToken?: string | undefined };

export type SignedIn = { token: string; refresh_token: string | null; expires_in: number; user: User };

/** How the last session of this page ended: by its owner, or because the server no longer knew it. */
export type Ending = "none" | "signed-out" | "expired";

type Stored = { handle: string; user: User; refreshToken?: string | undefined };
type Access = { token: string; expiresAt: number; handle: string };

const KEY = "rgms.session";
const OF_TAB = "tab-";

let access: Access | null = null;
let read: { text: string; stored: Stored } | null = null;
let memory: Session | null = null;
let ending: Ending = "none";
let why: string | null = null;
const listeners = new Set<() => void>();

const storages = (): Storage[] => [window.sessionStorage, window.localStorage];

/** A name for the next sign-in of this page, which its cookie carries. On a shared device it lives in this tab only. */
export function newHandle(options: { shared: boolean }): string {
  const letters = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  return (options.shared ? OF_TAB : "device-") + letters.replaceAll("+", "-").replaceAll("/", "_");
}

function parse(text: string, shared: boolean): Stored | null {
  try {
    const value = JSON.parse(text) as Partial<Stored>;
    if (!value.user || (typeof value.handle !== "string" && typeof value.refreshToken !== "string")) return null;
    return { handle: value.handle ?? newHandle({ shared }), user: value.user, refreshToken: value.refreshToken };
  } catch {
    return null;
  }
}

function storedIn(storage: Storage): Stored | null {
  const text = storage.getItem(KEY);
  if (!text) return null;
  if (read?.text === text) return read.stored;
  const stored = parse(text, storage === window.sessionStorage);
  if (!stored) return null;
  const kept = JSON.stringify(stored);
  // What an earlier release kept gets its handle now, and loses its access token.
  if (kept !== text) storage.setItem(KEY, kept);
  read = { text: kept, stored };
  return stored;
}

/** The session as it is now; another tab may have signed out, or in, since the last look. */
export function readSession(): Session | null {
  for (const storage of storages()) {
    const stored = storedIn(storage);
    if (!stored) continue;
    const known = access?.handle === stored.handle ? access : null;
    const token = known?.token ?? null;
    // The same object for the same session, or every look would draw the page again.
    if (memory?.user !== stored.user || memory.handle !== stored.handle || memory.token !== token)
      memory = { ...stored, token, expiresAt: known?.expiresAt ?? 0 };
    return memory;
  }
  memory = null;
  return null;
}

/** Begins the session that was signed in under `handle`, which says where it lives. */
export function startSession(answer: SignedIn, handle: string): void {
  clearStored();
  store(answer, handle, handle.startsWith(OF_TAB) ? window.sessionStorage : window.localStorage);
}

/** Keeps a renewed token where the session already lives. Does nothing when the person has signed out meanwhile. */
export function renewSession(answer: SignedIn, handle: string): Session | null {
  const home = storages().find((storage) => storage.getItem(KEY) !== null);
  if (!home || readSession()?.handle !== handle) return null;
  store(answer, handle, home);
  return readSession();
}

/** Keeps a further access token of this very sign-in. */
export function renewAccess(answer: Pick<SignedIn, "token" | "expires_in">): void {
  const handle = readSession()?.handle;
  if (!handle) return;
  access = { token: answer.token, expiresAt: Date.now() + answer.expires_in * 1000, handle };
  notify();
}

/** `reason`: what the server said of it, where it said something. */
export function endSession(how: Exclude<Ending, "none">, reason: string | null = null): void {
  clearStored();
  access = null;
  ending = how;
  why = reason;
  notify();
}

export const lastEnding = (): Ending => ending;

/** What the server said of why the last session ended; null when it said nothing. */
export const endingReason = (): string | null => why;

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function store(answer: SignedIn, handle: string, home: Storage): void {
  access = { token: answer.token, expiresAt: Date.now() + answer.expires_in * 1000, handle };
  keep(home, { handle, user: answer.user });
  notify();
}

function keep(home: Storage, stored: Stored): void {
  home.setItem(KEY, JSON.stringify(stored));
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
    // Another tab signed out: this one follows without asking to come back here. What it learnt of the person, this one asks.
    if (readSession() === null) ending = "signed-out";
    access = null;
    notify();
  }
});
