import { ANSWER_WITHIN } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import { common } from "@/messages/common";

/** Why a request failed, in words for the person it failed for. */
export function messageOf(error: unknown): string {
  if (!(error instanceof ApiError)) return common.errors.server;
  if (error.isNetwork && !navigator.onLine) return common.errors.noSignal;
  if (error.code === "TIMEOUT") return common.errors.late(ANSWER_WITHIN / 1_000);
  if (error.isNetwork) return common.errors.noAnswer;
  if (error.status === 429) return common.errors.waitSeconds(error.retryAfter ?? 60);
  if (error.status === 412) return common.errors.stale;
  if (error.status === 503 || error.status === 502 || error.status === 504) return common.errors.busy;
  if (error.status >= 500) return common.errors.server;
  if (error.status === 403) return error.message || common.errors.denied;
  if (error.status === 404) return common.errors.missing;
  if (error.status === 422 && Object.keys(error.fields).length > 0) return common.errors.form;
  return error.message || common.errors.server;
}
