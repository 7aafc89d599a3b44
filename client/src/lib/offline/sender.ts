import { api } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import { ROUTES, type Fact, type FactKind } from "./facts";

/** What the server says of a batch. `grades` are rows of the gradebook after it. */
export type Outcome = {
  stored: string[];
  duplicates: string[];
  rejected: { id: string; code: string; message: string }[];
  grades?: unknown[];
};

/** Why nothing leaves the device just now; none of these is a refusal. */
export type Obstacle = "no-signal" | "no-answer" | "busy" | "signed-out" | "other-account";

export type Send = (kind: FactKind, batch: readonly Fact[], ownerId: number) => Promise<Outcome>;

/** Sends a batch under its owner's name and token, or not at all. */
export const sendBatch: Send = (kind, batch, ownerId) =>
  api.post<Outcome>(ROUTES[kind].path, {
    body: { actor: ownerId, [ROUTES[kind].list]: batch.map((fact) => fact.body) },
    as: ownerId,
  });

/** What of a batch the server has settled; an answer that is no answer of ours settles nothing. */
export function settledBy(
  outcome: Outcome,
  batch: readonly Fact[],
): { done: Fact[]; refused: Map<string, Outcome["rejected"][number]> } {
  if (![outcome?.stored, outcome?.duplicates, outcome?.rejected].every(Array.isArray)) throw new TypeError("not an outcome");
  const ids = new Set([...outcome.stored, ...outcome.duplicates]);
  const refused = new Map(outcome.rejected.map((one) => [one.id, one]));
  return { done: batch.filter((fact) => ids.has(fact.id) && !refused.has(fact.id)), refused };
}

/** A refusal of the whole batch, in the server's own words; anything else is an obstacle, and the batch waits. */
export function judge(error: unknown): { obstacle: Obstacle } | { refusal: ApiError } {
  if (!(error instanceof ApiError)) return { obstacle: "no-answer" };
  if (error.code === "ANOTHER_ACCOUNT" || error.code === "actor_mismatch") return { obstacle: "other-account" };
  if (error.isNetwork) return { obstacle: navigator.onLine ? "no-answer" : "no-signal" };
  if (error.status === 401 || error.code === "password_change_required") return { obstacle: "signed-out" };
  if (error.status === 429) return { obstacle: "busy" };
  // A page of a hotel's network or of a proxy is not our server's no.
  if (error.status >= 500 || error.status === 408 || error.code.startsWith("http_")) return { obstacle: "no-answer" };
  return { refusal: error };
}
