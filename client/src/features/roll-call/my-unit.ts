import type { RollFilter } from "./api/roll";

const keyOf = (userId: number) => `rgms.roll-unit.${userId}`;

/** The unit whose roll this person took last on this device, or null. */
export function myUnit(userId: number): RollFilter | null {
  try {
    const { company, platoon } = JSON.parse(localStorage.getItem(keyOf(userId)) ?? "{}") as Partial<RollFilter>;
    return typeof company === "string" && typeof platoon === "string" && (company || platoon) ? { company, platoon } : null;
  } catch {
    return null;
  }
}

export function keepMyUnit(userId: number, unit: RollFilter): void {
  try {
    localStorage.setItem(keyOf(userId), JSON.stringify(unit));
  } catch {
    // A full disk costs a tap, nothing else.
  }
}
