import { env } from "@/config/env";
import { ApiError, errorFrom } from "@/lib/api-error";
import { uuid7 } from "@/lib/ids";
import { log } from "@/lib/log";
import { askForProof } from "@/lib/proof";
import { endSession, readSession, renewSession, type SignedIn } from "@/lib/session";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type ParamValue = string | number | boolean | null | undefined | readonly (string | number)[];

export type RequestOptions = {
  params?: Record<string, ParamValue>;
  body?: unknown;
  /** Sent as If-Match, so that a save over somebody else's change is refused (412). */
  version?: number;
  /** Repeating a write with the same key has the effect of one. Use newIdempotencyKey() once per intention. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** How long the answer may take to come and to be read, in milliseconds. */
  within?: number;
  /** The user id that this must be sent as: whoever is signed in by then, it leaves under that person's token or not at all. */
  as?: number;
  /** For sign-in and its kin: no token is sent, and a 401 means "wrong password", not "signed out". */
  anonymous?: boolean;
  /** The sign-in that a cookie of this browser keeps: only sign-in, renewal and sign-out name it, and only they get the cookie. */
  handle?: string | undefined;
};

/** How long an answer may take, in milliseconds; a file that goes up has longer. */
export const ANSWER_WITHIN = 25_000;
const FILE_WITHIN = 300_000;

export const newIdempotencyKey = uuid7;

export const urlOf = (path: string, params?: RequestOptions["params"]): string => {
  const url = new URL(`${env.apiUrl}/api/v1${path}`);
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url.toString();
};

/** Ends a request that its caller gave up, or that takes too long: a connection may stand and say nothing for ever. */
function waiting(given: AbortSignal | undefined, within: number) {
  const end = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end.abort();
  }, within);
  const giveUp = () => {
    clearTimeout(timer);
    end.abort(given?.reason);
  };
  if (given?.aborted) giveUp();
  else given?.addEventListener("abort", giveUp, { once: true });
  return { signal: end.signal, isLate: () => late };
}

async function send(method: Method, path: string, options: RequestOptions, token: string | null): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (options.version !== undefined) headers.set("If-Match", `"${options.version}"`);
  if (options.idempotencyKey) headers.set("Idempotency-Key", options.idempotencyKey);
  if (options.handle) headers.set("X-Session-Handle", options.handle);
  let body: BodyInit | null = null;
  if (options.body instanceof FormData) body = options.body;
  else if (options.body !== undefined) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(options.body);
  }
  const wait = waiting(options.signal, options.within ?? (options.body instanceof FormData ? FILE_WITHIN : ANSWER_WITHIN));
  try {
    return await fetch(urlOf(path, options.params), {
      method,
      headers,
      body,
      signal: wait.signal,
      credentials: options.handle ? "include" : "omit",
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    const code = wait.isLate() ? "TIMEOUT" : "NETWORK_ERROR";
    throw new ApiError({ status: 0, code, message: "The server could not be reached." });
  }
}

let renewing: Promise<string | null> | null = null;
let refused: string | null = null;

/**
 * A fresh access token, or null when the session is over. One request at a time, in this tab and across tabs:
 * a refresh token is good for one use, and two tabs share the cookie that holds it.
 */
export function renewToken(stale: string | null): Promise<string | null> {
  renewing ??= exclusively(() => renew(stale)).finally(() => {
    renewing = null;
  });
  return renewing;
}

async function exclusively(work: () => Promise<string | null>): Promise<string | null> {
  // Without locks (an address that is neither https nor this machine) only this tab takes turns.
  return "locks" in navigator ? await navigator.locks.request("rgms.refresh", work) : await work();
}

async function renew(stale: string | null): Promise<string | null> {
  const session = readSession();
  if (!session) return null;
  if (session.token !== null && session.token !== stale) return session.token;
  const { handle, refreshToken } = session;
  const response = await send("POST", "/auth/refresh", { handle, body: { refresh_token: refreshToken } }, null);
  if (response.ok) return renewSession((await response.json()) as SignedIn, handle)?.token ?? null;
  const error = await errorFrom(response);
  // Only a plain "no" ends the session; a server in trouble must not sign anybody out.
  if (error.status === 401 || error.status === 403 || error.status === 422) {
    refused = typeof error.details === "object" && error.details && "reason" in error.details ? error.message : null;
    return null;
  }
  throw error;
}

/** Looked at right before each sending: another tab may have signed somebody else in. */
function refuseAnother({ as }: RequestOptions): void {
  if (as === undefined || readSession()?.user.id === as) return;
  throw new ApiError({ status: 0, code: "ANOTHER_ACCOUNT", message: "Somebody else is signed in, or nobody." });
}

async function request(method: Method, path: string, options: RequestOptions): Promise<Response> {
  refuseAnother(options);
  const session = options.anonymous ? null : readSession();
  // A page that was just opened knows who is signed in, and has to ask for its token first.
  const token = session && (session.token ?? (await renewToken(null)));
  refuseAnother(options);
  let response = await send(method, path, options, token);
  if (response.status === 401 && !options.anonymous) {
    const fresh = await renewToken(token);
    refuseAnother(options);
    if (fresh) response = await send(method, path, options, fresh);
    if (response.status === 401) {
      // Every page below the sign-in guard leaves for the sign-in page by itself, keeping where it was.
      endSession("expired", refused);
    }
  }
  if (response.ok) return response;
  const error = await errorFrom(response);
  // The same request again, once the person has given the password.
  if (error.code === "password_needed" && (await askForProof())) return request(method, path, options);
  const context = { method, path, status: error.status, code: error.code, requestId: error.requestId };
  if (error.status === 403) log.error(`Access denied: ${error.message}`, context);
  if (error.status >= 500) log.error("Server error", context);
  throw error;
}

async function json<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await request(method, path, options);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (cause) {
    // Cut off on the way, or the page of a network that wants a sign-in of its own: no answer of ours.
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ status: 0, code: "NETWORK_ERROR", message: "The answer could not be read." });
  }
}

export const api = {
  get: <T>(path: string, options?: RequestOptions) => json<T>("GET", path, options),
  post: <T>(path: string, options?: RequestOptions) => json<T>("POST", path, options),
  put: <T>(path: string, options?: RequestOptions) => json<T>("PUT", path, options),
  patch: <T>(path: string, options?: RequestOptions) => json<T>("PATCH", path, options),
  delete: <T = void>(path: string, options?: RequestOptions) => json<T>("DELETE", path, options),
  /** A file with its suggested name, for saveFile(). */
  async download(path: string, options: RequestOptions = {}): Promise<{ blob: Blob; name: string | null }> {
    const response = await request("GET", path, { within: FILE_WITHIN, ...options });
    const disposition = response.headers.get("Content-Disposition") ?? "";
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
    const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
    return { blob: await response.blob(), name: encoded ? decodeURIComponent(encoded) : (plain ?? null) };
  },
};

/** The shape of every list the server gives. */
export type Page<T> = { data: T[]; page: number; limit: number; total: number; next_cursor: string | null };
