import { api } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import type { Schema } from "@/types";
import { ROUTES, type Fact, type FactKind, type OtherRecord, type Refusal } from "./facts";

/** What the server says of a batch; `grades` are rows of the gradebook after it. */
export type Outcome = Schema<"Outcome">;
export type Effect = Outcome["effects"][number];
export type Verdict = Omit<Refusal, "at">;

/** Why nothing leaves the device just now; none of these is a refusal. */
export type Obstacle = "no-signal" | "no-answer" | "busy" | "signed-out" | "account-due" | "other-account";

export type Send = (kind: FactKind, batch: readonly Fact[], ownerId: number) => Promise<Outcome>;

/** Sends a batch under its owner's name and token, or not at all. */
export const sendBatch: Send = (kind, batch, ownerId) =>
  api.post<Outcome>(ROUTES[kind].path, {
    body: { actor: ownerId, [ROUTES[kind].list]: batch.map((fact) => fact.body) },
    as: ownerId,
  });

/** Another person's record, where an answer has one. */
export const otherIn = (one: Effect["current"]): OtherRecord | null => (one && "record_id" in one ? (one as OtherRecord) : null);

// A mark of a cancelled day counts when the day is reinstated, and its roll says so above all rows.
const NOT_TOLD = new Set(["cancelled_day"]);

/** Why a stored fact does not stand, if its writer must hear of it: not where the same person has since changed it here. */
function withoutEffect({ effect, reason, message, ...more }: Effect, { owner, body }: Fact): Verdict | null {
  const current = otherIn(more.current);
  if (effect !== "none" || reason === null || NOT_TOLD.has(reason)) return null;
  if (current?.actor_id === owner && current.device_id === body.device_id) return null;
  return { code: reason, message: message ?? reason, stored: true, current };
}

/** What of a batch the server has settled, and what of it does not stand; an answer that is none of ours settles nothing. */
export function settledBy(outcome: Outcome, batch: readonly Fact[]): { done: Fact[]; refused: Map<string, Verdict> } {
  if (![outcome?.stored, outcome?.duplicates, outcome?.rejected].every(Array.isArray)) throw new TypeError("not an outcome");
  const ids = new Set([...outcome.stored, ...outcome.duplicates]);
  const refused = new Map<string, Verdict>();
  for (const { id, code, message } of outcome.rejected) if (id) refused.set(id, { code, message, stored: false, current: null });
  for (const effect of outcome.effects ?? []) {
    const fact = batch.find((one) => one.id === effect.id);
    const verdict = fact && withoutEffect(effect, fact);
    if (verdict) refused.set(effect.id, verdict);
  }
  return { done: batch.filter((fact) => ids.has(fact.id) && !refused.has(fact.id)), refused };
}

/** A refusal of the whole batch, in the server's own words; anything else is an obstacle, and the batch waits. */
export function judge(error: unknown): { obstacle: Obstacle } | { refusal: ApiError } {
  if (!(error instanceof ApiError)) return { obstacle: "no-answer" };
  if (error.code === "ANOTHER_ACCOUNT" || error.code === "actor_mismatch") return { obstacle: "other-account" };
  if (error.isNetwork) return { obstacle: navigator.onLine ? "no-answer" : "no-signal" };
  if (error.status === 401) return { obstacle: "signed-out" };
  // The account owes something first, a password of its own for one: that is no word about what was recorded.
  if (error.status === 403 && error.code.endsWith("_due")) return { obstacle: "account-due" };
  if (error.status === 429) return { obstacle: "busy" };
  // A page of a hotel's network or of a proxy is not our server's no.
  if (error.status >= 500 || error.status === 408 || error.code.startsWith("http_")) return { obstacle: "no-answer" };
  return { refusal: error };
}
