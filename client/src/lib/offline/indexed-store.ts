import { Dexie, type Table } from "dexie";
import { uuid7 } from "@/lib/ids";
import type { Draft, Fact, Owner, Refusal } from "./facts";
import { stamped } from "./stamp";
import { takeOverMarks } from "./former-marks";
import type { FactStore, Holder } from "./store";

type Counter = { name: "device"; id: string; seq: number };

class Facts extends Dexie {
  facts!: Table<Fact, string>;
  /** Names of the people who left something here: what waits for somebody else is said by name, not by number. */
  people!: Table<Owner, number>;
  counters!: Table<Counter, string>;

  constructor() {
    // What the browser has now, not what it had when the module was read.
    super("rgms.offline", { indexedDB: window.indexedDB, IDBKeyRange: window.IDBKeyRange });
    this.version(1).stores({ facts: "id, [owner+seq]", people: "id", counters: "name" });
  }
}

/** The facts in this browser's database; every tab of the origin has the same. */
class IndexedStore implements FactStore {
  constructor(private readonly base: Facts) {}

  add(owner: Owner, drafts: readonly Draft[], now: Date): Promise<Fact[]> {
    const { base } = this;
    return base.transaction("rw", base.facts, base.people, base.counters, async () => {
      // Numbered within the transaction: two tabs never give two facts the same place.
      const counter = await base.counters.get("device");
      const device = counter ?? { name: "device", ...formerDevice() };
      const made = drafts.map((draft, index) => stamped(draft, owner.id, now, device.id, device.seq + index + 1));
      await base.counters.put({ ...device, seq: device.seq + drafts.length });
      await base.people.put({ ...owner });
      await base.facts.bulkAdd(made);
      return made;
    });
  }

  of(ownerId: number): Promise<Fact[]> {
    return this.base.facts.where("[owner+seq]").between([ownerId, Dexie.minKey], [ownerId, Dexie.maxKey]).toArray();
  }

  async keep(facts: readonly Fact[]): Promise<void> {
    await this.base.facts.bulkPut([...facts]);
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.base.facts.bulkDelete([...ids]);
  }

  async refuse(refusals: ReadonlyMap<string, Refusal | null>): Promise<void> {
    const { facts } = this.base;
    await this.base.transaction("rw", facts, async () => {
      for (const [id, refusal] of refusals) await facts.update(id, { refusal });
    });
  }

  async holders(): Promise<Holder[]> {
    const counts = new Map<number, number>();
    for (const { owner } of await this.base.facts.toArray()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    const people = await this.base.people.bulkGet([...counts.keys()]);
    return [...counts].map(([id, count], index) => ({ id, name: people[index]?.name ?? "", count }));
  }

  close(): void {
    this.base.close();
  }
}

/** The name and the number that this device had in the storage of earlier versions: its order goes on from there. */
function formerDevice(): { id: string; seq: number } {
  return {
    id: localStorage.getItem("rgms.device") ?? uuid7(),
    seq: Number(localStorage.getItem("rgms.device-seq") ?? "0") || 0,
  };
}

export async function openIndexedStore(): Promise<FactStore> {
  const base = new Facts();
  await base.open();
  const store = new IndexedStore(base);
  await takeOverMarks(store);
  return store;
}
