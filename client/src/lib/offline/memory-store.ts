import { uuid7 } from "@/lib/ids";
import type { Draft, Fact, Owner, Refusal } from "./facts";
import { stamped } from "./stamp";
import type { FactStore, Holder } from "./store";

/** For a browser that keeps nothing: the facts live as long as the page. */
export class MemoryStore implements FactStore {
  private facts: Fact[] = [];
  private readonly device = uuid7();
  private seq = 0;

  get isEmpty(): boolean {
    return this.facts.length === 0;
  }

  async add(owner: Owner, drafts: readonly Draft[], now: Date): Promise<Fact[]> {
    const made = drafts.map((draft) => stamped(draft, owner.id, now, this.device, (this.seq += 1)));
    this.facts = [...this.facts, ...made];
    return made;
  }

  async of(ownerId: number): Promise<Fact[]> {
    return this.facts.filter((fact) => fact.owner === ownerId);
  }

  async keep(facts: readonly Fact[]): Promise<void> {
    const ids = new Set(facts.map((fact) => fact.id));
    this.facts = [...this.facts.filter((fact) => !ids.has(fact.id)), ...facts].sort((one, other) => one.seq - other.seq);
  }

  async remove(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    this.facts = this.facts.filter((fact) => !gone.has(fact.id));
  }

  async refuse(refusals: ReadonlyMap<string, Refusal | null>): Promise<void> {
    this.facts = this.facts.map((fact) => (refusals.has(fact.id) ? { ...fact, refusal: refusals.get(fact.id) ?? null } : fact));
  }

  async holders(): Promise<Holder[]> {
    const counts = new Map<number, number>();
    for (const fact of this.facts) counts.set(fact.owner, (counts.get(fact.owner) ?? 0) + 1);
    return [...counts].map(([id, count]) => ({ id, name: "", count }));
  }

  /** Gives up everything to another store that has it by then. */
  async moveTo(other: FactStore): Promise<void> {
    const { facts } = this;
    if (facts.length === 0) return;
    await other.keep(facts);
    await this.remove(facts.map((fact) => fact.id));
  }

  close(): void {}
}
