export type Env = { apiUrl: string; wsUrl: string };

type Raw = { readonly VITE_API_URL?: string | undefined; readonly VITE_WS_URL?: string | undefined };

const trimmed = (value: string | undefined) => (value ?? "").trim().replace(/\/+$/, "");

/** Reads the build's addresses. An empty one means the page's own origin; a wrong one stops the page with its name. */
export function parseEnv(raw: Raw, origin: string): Env {
  const apiUrl = trimmed(raw.VITE_API_URL) || origin;
  const wsUrl = trimmed(raw.VITE_WS_URL) || origin.replace(/^http/, "ws");
  if (!/^https?:\/\/[^\s/]+/.test(apiUrl)) throw new Error(`VITE_API_URL must be an http or https address, and is "${apiUrl}"`);
  if (!/^wss?:\/\/[^\s/]+/.test(wsUrl)) throw new Error(`VITE_WS_URL must be a ws or wss address, and is "${wsUrl}"`);
  return { apiUrl, wsUrl };
}

export const env: Env = parseEnv(import.meta.env, window.location.origin);
