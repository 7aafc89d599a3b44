import { log } from "@/lib/log";
import type { Draft, Fact, Owner, Refusal } from "./facts";
import { MemoryStore } from "./memory-store";
import type { FactStore, Holder } from "./store";

const OPENS_WITHIN = 8_000;
const TRY_AGAIN_AFTER = 15_000;

const openIndexed = async (): Promise<FactStore> => (await import("./indexed-store")).openIndexedStore();

/**
 * The database of this browser; and the memory of this page for what it would not take: a private window, a full disk, a browser
 * that hangs while opening. What is only in memory moves to the database as soon as that takes it.
 */
export class DeviceStore implements FactStore {
  private readonly memory = new MemoryStore();
  private opening: Promise<FactStore | null> | null = null;
  private failedAt: number | null = null;
  isClosed = false;

  constructor(private readonly open: () => Promise<FactStore> = openIndexed) {}

  /** Whether everything here outlives the page. */
  get isLasting(): boolean {
    return this.failedAt === null && this.memory.isEmpty;
  }

  async add(owner: Owner, drafts: readonly Draft[], now: Date): Promise<Fact[]> {
    const made = await this.attempt((base) => base.add(owner, drafts, now));
    return made ?? (await this.memory.add(owner, drafts, now));
  }

  async of(ownerId: number): Promise<Fact[]> {
    const kept = await this.attempt(async (base) => {
      await this.memory.moveTo(base);
      return await base.of(ownerId);
    });
    return [...(kept ?? []), ...(await this.memory.of(ownerId))];
  }

  async keep(facts: readonly Fact[]): Promise<void> {
    const kept = await this.attempt((base) => base.keep(facts).then(() => true));
    if (!kept) await this.memory.keep(facts);
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.memory.remove(ids);
    await this.attempt((base) => base.remove(ids));
  }

  async refuse(refusals: ReadonlyMap<string, Refusal | null>): Promise<void> {
    await this.memory.refuse(refusals);
    await this.attempt((base) => base.refuse(refusals));
  }

  async holders(): Promise<Holder[]> {
    return (await this.attempt((base) => base.holders())) ?? (await this.memory.holders());
  }

  close(): void {
    this.isClosed = true;
    void this.opening?.then((base) => base?.close());
  }

  /** The answer of the database, or null when it has none to give; memory then stands in. */
  private async attempt<T>(work: (base: FactStore) => Promise<T>): Promise<T | null> {
    const base = await this.base();
    if (!base) return null;
    try {
      const answer = await work(base);
      this.failedAt = null;
      return answer;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  private async base(): Promise<FactStore | null> {
    if (this.isClosed) return null;
    if (this.opening && (await this.opening) === null && Date.now() - (this.failedAt ?? 0) > TRY_AGAIN_AFTER) this.opening = null;
    this.opening ??= this.opened();
    return await this.opening;
  }

  private async opened(): Promise<FactStore | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error("the database does not open")), OPENS_WITHIN);
    });
    try {
      return await Promise.race([this.open(), late]);
    } catch (error) {
      this.fail(error);
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  private fail(error: unknown): void {
    if (this.isClosed) return;
    this.failedAt = Date.now();
    log.error("This device keeps nothing just now", { why: error instanceof Error ? error.message : String(error) });
  }
}
