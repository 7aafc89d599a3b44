import { vi } from "vitest";

export type Asked = { method: string; path: string; params: URLSearchParams; headers: Headers; body: unknown };
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };
type Handler = Answer | ((asked: Asked) => Answer | Promise<Answer>);

/**
 * Stands in for the network, never for our own code: answers `"GET /api/v1/cadets"` with what the table says and keeps what was asked.
 * An address that is not in the table fails as a dead network does.
 */
export function fakeServer(table: Record<string, Handler>) {
  const asked: Asked[] = [];
  const handlers = { ...table };
  vi.stubGlobal("fetch", async (input: string, init: RequestInit = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(input);
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : init.body;
    const one: Asked = {
      method: init.method ?? "GET",
      path: url.pathname,
      params: url.searchParams,
      headers: new Headers(init.headers),
      body,
    };
    asked.push(one);
    const handler = handlers[`${one.method} ${one.path}`];
    if (!handler) throw new TypeError("Failed to fetch");
    const answer = typeof handler === "function" ? await handler(one) : handler;
    const status = answer.status ?? 200;
    return new Response(status === 204 || answer.body === undefined ? null : JSON.stringify(answer.body), {
      status,
      headers: { "Content-Type": "application/json", ...answer.headers },
    });
  });
  return {
    asked,
    on: (route: string, handler: Handler) => {
      handlers[route] = handler;
    },
    sent: (route: string) => asked.filter((one) => `${one.method} ${one.path}` === route),
  };
}

/** The server's one error shape. */
export const refusal = (status: number, code: string, message = code, details: unknown = {}): Answer => ({
  status,
  body: { error: "Error", message, code, details, request_id: "request-1" },
});
