import { uuid7 } from "@/lib/ids";
import type { Draft, Fact } from "./facts";

/** A draft with the identity, the time and the place in the device's order that it keeps for ever. */
export function stamped(draft: Draft, owner: number, now: Date, device_id: string, device_seq: number): Fact {
  const id = uuid7(now.getTime());
  const stamp = { id, occurred_at: now.toISOString(), device_id, device_seq };
  return { ...draft, body: { ...draft.body, ...stamp }, id, owner, seq: device_seq, refusal: null } as Fact;
}
