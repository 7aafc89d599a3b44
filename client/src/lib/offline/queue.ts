import { log } from "@/lib/log";
import { DeviceStore } from "./device-store";
import type { Draft, Fact, Owner } from "./facts";
import { judge, sendBatch, settledBy, type Obstacle, type Outcome, type Send, type Verdict } from "./sender";
import { EMPTY, type Arrival, type QueueState } from "./state";

const BATCH = 100;
const RETRY = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000];
const CHANNEL = "rgms.offline";

type Told = { owner: number; arrival: Arrival | null };
type Parts = { store?: DeviceStore; send?: Send; now?: () => Date };

/**
 * The facts of one person on this device, on their way to the server. A fact is kept before it is shown, and leaves when the
 * server has it; what is refused stays with its reason until somebody decides. All tabs of the person have the same queue: one
 * of them sends at a time, and each hears of what arrived. Sending a fact twice is harmless, its id is its identity.
 */
export class OfflineQueue {
  private state = EMPTY;
  private readonly listeners = new Set<() => void>();
  private readonly arrivals = new Set<(arrival: Arrival) => void>();
  private store: DeviceStore;
  private readonly send: Send;
  private readonly now: () => Date;
  private channel: BroadcastChannel | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private run: Promise<void> | null = null;
  private reads = 0;
  // Sent or refused, whatever the device says of them: a disk that forgets to forget must not make them go round and round.
  private readonly settled = new Set<string>();
  // Sent at least once: without an answer nobody knows whether the server has them.
  private readonly tried = new Set<string>();
  private again = false;
  private stopped = true;
  private asked = false;

  constructor(
    readonly owner: Owner,
    { store = new DeviceStore(), send = sendBatch, now = () => new Date() }: Parts = {},
  ) {
    this.store = store;
    this.send = send;
    this.now = now;
  }

  readonly snapshot = (): QueueState => this.state;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Calls `listener` with what the server took, whichever tab had sent it. */
  readonly onArrival = (listener: (arrival: Arrival) => void) => {
    this.arrivals.add(listener);
    return () => void this.arrivals.delete(listener);
  };

  async start(): Promise<void> {
    this.stopped = false;
    if (this.store.isClosed) this.store = new DeviceStore();
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
    if (this.channel) this.channel.onmessage = (event: MessageEvent<Told>) => void this.hear(event.data);
    await this.reread();
    await this.flush();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.channel?.close();
    this.channel = null;
    this.store.close();
  }

  /** Keeps what somebody made, then sends it. Resolves when it is kept: before that nothing may say that it is. */
  async add(drafts: readonly Draft[]): Promise<Fact[]> {
    const made = await this.store.add(this.owner, drafts, this.now());
    this.askToKeep();
    await this.changed();
    void this.flush();
    return made;
  }

  /** Refused facts wait again, as they are. */
  async retry(facts: readonly Fact[]): Promise<void> {
    facts.forEach((fact) => this.settled.delete(fact.id));
    await this.store.refuse(new Map(facts.map((fact) => [fact.id, null])));
    await this.changed();
    await this.flush();
  }

  async discard(facts: readonly Fact[]): Promise<void> {
    await this.store.remove(facts.map((fact) => fact.id));
    await this.changed();
  }

  /** Discards what never left this device, and returns the rest: that the server has, or may have. */
  async withdraw(facts: readonly Fact[]): Promise<Fact[]> {
    await this.discard(facts.filter((fact) => !this.tried.has(fact.id)));
    return facts.filter((fact) => this.tried.has(fact.id));
  }

  /** Sends facts again that had no effect, each now as a correction of the record that stands in its place. */
  async insist(facts: readonly Fact[]): Promise<void> {
    const drafts = facts.flatMap((fact) => (fact.refusal?.current ? [correcting(fact, fact.refusal.current.record_id)] : []));
    await this.add(drafts);
    await this.discard(facts);
  }

  /** Takes a discard back. */
  async restore(facts: readonly Fact[]): Promise<void> {
    await this.store.keep(facts);
    await this.changed();
    void this.flush();
  }

  /** The lists on the screen show these by now. */
  shown(facts: readonly Fact[]): void {
    const ids = new Set(facts.map((fact) => fact.id));
    this.set({ arrived: this.state.arrived.filter((fact) => !ids.has(fact.id)) });
  }

  /** Sends what waits, oldest first; called again by itself after an obstacle, and by anybody who thinks that it is gone. */
  readonly flush = (): Promise<void> => {
    this.again = true;
    this.run ??= this.sendAll();
    return this.run;
  };

  /** Without this a browser that runs out of room may clear what waits; asked when there is something to lose, and once. */
  private askToKeep(): void {
    if (this.asked || !navigator.storage?.persist) return;
    this.asked = true;
    void navigator.storage.persist().catch(() => false);
  }

  private async sendAll(): Promise<void> {
    clearTimeout(this.timer);
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        await inTurn(`${CHANNEL}.${this.owner.id}`, () => this.drain());
      }
    } catch (error) {
      log.error("The queue stopped", { why: error instanceof Error ? error.message : String(error) });
      this.later("no-answer");
    } finally {
      this.run = null;
    }
  }

  private async drain(): Promise<void> {
    let most = BATCH;
    for (;;) {
      const facts = await this.store.of(this.owner.id);
      const [first, ...rest] = facts.filter((fact) => fact.refusal === null && !this.settled.has(fact.id));
      if (!first || this.stopped) return;
      const batch = [first, ...rest.filter((fact) => fact.kind === first.kind)].slice(0, most);
      if (!navigator.onLine) return this.later("no-signal");
      batch.forEach((fact) => this.tried.add(fact.id));
      this.set({ sending: true });
      try {
        await this.settle(batch, await this.send(first.kind, batch, this.owner.id));
        most = BATCH;
      } catch (error) {
        const found = judge(error);
        if ("obstacle" in found) return this.later(found.obstacle);
        // One that the server cannot read must not take the others with it: halve until it stands alone.
        if (batch.length > 1) most = Math.ceil(batch.length / 2);
        else {
          const { code, message } = found.refusal;
          await this.refuse(new Map([[first.id, { code, message, stored: false, current: null }]]));
        }
      } finally {
        this.set({ sending: false });
      }
    }
  }

  private async settle(batch: readonly Fact[], outcome: Outcome): Promise<void> {
    const { done, refused } = settledBy(outcome, batch);
    if (done.length + batch.filter((fact) => refused.has(fact.id)).length === 0)
      throw new TypeError("the answer settles nothing");
    this.failures = 0;
    done.forEach((fact) => this.settled.add(fact.id));
    await this.store.remove(done.map((fact) => fact.id));
    await this.refuse(refused);
    const arrival = { facts: done, grades: outcome.grades ?? [], effects: outcome.effects ?? [] };
    this.set({ stalled: null, arrivedAt: this.now().getTime() });
    this.arrive(arrival);
    await this.changed(arrival);
  }

  private async refuse(refused: ReadonlyMap<string, Verdict>): Promise<void> {
    if (refused.size === 0) return;
    const at = this.now().getTime();
    for (const id of refused.keys()) this.settled.add(id);
    await this.store.refuse(new Map([...refused].map(([id, verdict]) => [id, { ...verdict, at }])));
    await this.changed();
  }

  private later(why: Obstacle): void {
    this.set({ stalled: { since: this.state.stalled?.since ?? this.now().getTime(), why } });
    // Only its owner's return helps here, and that begins with a queue of its own.
    if (why === "other-account" || this.stopped) return;
    const wait = RETRY[Math.min(this.failures, RETRY.length - 1)]!;
    this.failures += 1;
    this.timer = setTimeout(() => void this.flush(), wait * (1 + Math.random() / 4));
  }

  private arrive(arrival: Arrival): void {
    // Laid over the lists before the fact leaves the queue, so that no list falls back to what was before.
    this.set({ arrived: [...this.state.arrived, ...arrival.facts] });
    this.arrivals.forEach((listener) => listener(arrival));
  }

  private async changed(arrival: Arrival | null = null): Promise<void> {
    this.channel?.postMessage({ owner: this.owner.id, arrival } satisfies Told);
    await this.reread();
  }

  private async hear({ owner, arrival }: Told): Promise<void> {
    if (arrival && owner === this.owner.id) {
      this.set({ stalled: null, arrivedAt: this.now().getTime() });
      this.arrive(arrival);
    }
    await this.reread();
  }

  private async reread(): Promise<void> {
    const turn = (this.reads += 1);
    const [facts, holders] = await Promise.all([this.store.of(this.owner.id), this.store.holders()]);
    // A later look has seen what this one has, and more.
    if (turn !== this.reads) return;
    const arrived = new Set(this.state.arrived.map((fact) => fact.id));
    this.set({
      read: true,
      waiting: facts.filter((fact) => fact.refusal === null && !arrived.has(fact.id)),
      refused: facts.filter((fact) => fact.refusal !== null),
      others: holders.filter((holder) => holder.id !== this.owner.id),
      lasting: this.store.isLasting,
    });
  }

  private set(change: Partial<QueueState>): void {
    if (this.stopped) return;
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }
}

/** The same again, as a correction of a record: made now, and based on nothing else. */
function correcting({ kind, about, body }: Fact, supersedes: string): Draft {
  const made = new Set(["id", "occurred_at", "device_id", "device_seq", "based_on", "based_on_value"]);
  const said = Object.entries(body).filter(([name]) => !made.has(name));
  return { kind, about, body: { ...Object.fromEntries(said), supersedes } } as Draft;
}

/** One tab at a time. A browser without locks may send a fact twice, which the server takes as once. */
async function inTurn(name: string, work: () => Promise<void>): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request(name, work);
  else await work();
}
