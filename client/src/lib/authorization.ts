import type { User } from "@/lib/session";

export type Permission =
  | "roster.read"
  | "roster.write"
  | "roster.import"
  | "roster.own"
  | "grading.read"
  | "grading.own"
  | "grading.mark"
  | "grading.merit"
  | "grading.score"
  | "terms.manage"
  | "users.manage"
  | "sessions.own"
  | "reports.request"
  | "files.upload"
  | "files.own"
  | "messaging.own"
  | "ops.own"
  | "ops.manage"
  | "metrics.read";

const CADET: readonly Permission[] = ["roster.own", "grading.own", "sessions.own", "files.own", "messaging.own", "ops.own"];
const STAFF: readonly Permission[] = [
  "roster.read",
  "grading.read",
  "grading.mark",
  "grading.merit",
  "grading.score",
  "reports.request",
  "files.upload",
  "files.own",
  "sessions.own",
  "messaging.own",
  "ops.own",
];
const COMMAND: readonly Permission[] = ["roster.write", "roster.import", "terms.manage"];
const COMMAND_POSITIONS = new Set(["Commandant", "Assistant Commandant", "NSTP Director", "ROTC Coordinator", "Admin NCO"]);

/**
 * Whether to show a thing, never whether to allow it: the server decides again on every request.
 * Mirrors libs/contracts/principal.py. What belongs to one person alone (roster.own, grading.own) is not the admin's either.
 */
export function can(user: Pick<User, "role" | "positions"> | null, permission: Permission): boolean {
  if (!user) return false;
  switch (user.role) {
    case "admin":
      return permission !== "roster.own" && permission !== "grading.own";
    case "staff":
      return (
        STAFF.includes(permission) || (COMMAND.includes(permission) && user.positions.some((one) => COMMAND_POSITIONS.has(one)))
      );
    case "cadet":
      return CADET.includes(permission);
    default:
      return false;
  }
}
