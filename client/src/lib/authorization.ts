import type { User } from "@/lib/session";
import { COMMAND_GROUP, PERMISSIONS_OF, type PERMISSIONS } from "@/types/domain";

export type Permission = (typeof PERMISSIONS)[number];

/** Whether to show a thing, never whether to allow it: the server decides again on every request. */
export function can(user: Pick<User, "role" | "positions"> | null, permission: Permission): boolean {
  if (!user) return false;
  const commands = user.role === "staff" && COMMAND_GROUP.some((one) => user.positions.includes(one));
  const held: readonly Permission[] = PERMISSIONS_OF[commands ? "command" : user.role] ?? [];
  return held.includes(permission);
}

/** Whether somebody records facts, and so needs the queue that keeps them on the device. */
export const recordsFacts = (user: User | null): boolean =>
  (["grading.mark", "grading.score", "grading.merit"] as const).some((permission) => can(user, permission));
