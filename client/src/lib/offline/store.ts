import type { Draft, Fact, Owner, Refusal } from "./facts";

/** Somebody with something on this device, and how much; the name is empty where the device never heard it. */
export type Holder = Owner & { count: number };

/** Where facts wait. A method that fails has changed nothing. */
export interface FactStore {
  /** Numbers and keeps what somebody made, all of it or nothing. */
  add(owner: Owner, drafts: readonly Draft[], now: Date): Promise<Fact[]>;
  /** The facts of a person in the order in which they were made. */
  of(ownerId: number): Promise<Fact[]>;
  /** Keeps facts as they are: taken over from elsewhere, or put back after a removal. */
  keep(facts: readonly Fact[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** `null` lets a refused fact wait again; one that is gone stays gone. */
  refuse(refusals: ReadonlyMap<string, Refusal | null>): Promise<void>;
  holders(): Promise<Holder[]>;
  close(): void;
}
