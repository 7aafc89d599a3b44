import type { AttendanceStatus } from "@/components/ui";
import { ApiError } from "@/lib/api-error";
import { uuid7 } from "@/lib/ids";
import type { Mark, MarkResult } from "./api/roll";

const BATCH = 100;
const RETRY = [1_000, 2_000, 5_000, 10_000, 20_000];

export type Refused = { mark: Mark; message: string };
export type QueueState = { waiting: readonly Mark[]; refused: readonly Refused[]; sending: boolean; failedSince: number | null };
type Send = (marks: readonly Mark[]) => Promise<MarkResult>;

/** This device's name and the number of its next mark; both outlive a reload, so that the order of its marks is certain. */
function nextOfDevice(storage: Storage): { device_id: string; device_seq: number } {
  const device_id = storage.getItem("rgms.device") ?? uuid7();
  const device_seq = Number(storage.getItem("rgms.device-seq") ?? "0") + 1;
  storage.setItem("rgms.device", device_id);
  storage.setItem("rgms.device-seq", String(device_seq));
  return { device_id, device_seq };
}

/**
 * Marks on their way to the server. A mark is stored on this device before it is shown, and leaves only when the server has it
 * or has refused it: a reload, a dead battery or a lost signal loses nothing. Sending one twice is harmless, its id is its identity.
 */
export class MarkQueue {
  private state: QueueState;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(
    private readonly userId: number,
    private readonly send: Send,
    private readonly storage: Storage = localStorage,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.state = { waiting: this.stored(), refused: [], sending: false, failedSince: null };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): QueueState => this.state;

  add(dayId: number, wanted: readonly { cadet_id: number; status: AttendanceStatus }[]): void {
    const occurred_at = this.now().toISOString();
    const made = wanted.map((one) => ({
      id: uuid7(),
      training_day_id: dayId,
      ...one,
      occurred_at,
      ...nextOfDevice(this.storage),
    }));
    this.set({ waiting: [...this.state.waiting, ...made] });
    void this.flush();
  }

  dismissRefused(): void {
    this.set({ refused: [] });
  }

  /** Sends what waits, oldest first; called again by itself after a failure, and by anybody who thinks the signal is back. */
  readonly flush = async (): Promise<void> => {
    if (this.state.sending || this.state.waiting.length === 0) return;
    clearTimeout(this.timer);
    const batch = this.state.waiting.slice(0, BATCH);
    this.set({ sending: true });
    try {
      const result = await this.send(batch);
      this.failures = 0;
      this.settle(batch, result);
    } catch (error) {
      this.set({ sending: false });
      if (error instanceof ApiError && !error.isNetwork && error.status < 500 && ![401, 408, 429].includes(error.status))
        this.refuseAll(batch, error.message);
      else this.later();
      return;
    }
    await this.flush();
  };

  private settle(batch: readonly Mark[], result: MarkResult): void {
    const done = new Set([...result.stored, ...result.duplicates]);
    const refusals = new Map(result.rejected.map((one) => [one.id, one.message]));
    const refused = batch.filter((mark) => refusals.has(mark.id)).map((mark) => ({ mark, message: refusals.get(mark.id)! }));
    this.set({
      sending: false,
      failedSince: null,
      waiting: this.state.waiting.filter((mark) => !done.has(mark.id) && !refusals.has(mark.id)),
      refused: [...this.state.refused, ...refused],
    });
  }

  private refuseAll(batch: readonly Mark[], message: string): void {
    const ids = new Set(batch.map((mark) => mark.id));
    this.set({
      waiting: this.state.waiting.filter((mark) => !ids.has(mark.id)),
      refused: [...this.state.refused, ...batch.map((mark) => ({ mark, message }))],
    });
  }

  private later(): void {
    const wait = RETRY[Math.min(this.failures, RETRY.length - 1)]!;
    this.failures += 1;
    this.set({ failedSince: this.state.failedSince ?? this.now().getTime() });
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  private get key(): string {
    return `rgms.marks.${this.userId}`;
  }

  private stored(): Mark[] {
    try {
      const found: unknown = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(found) ? (found as Mark[]) : [];
    } catch {
      return [];
    }
  }

  private set(change: Partial<QueueState>): void {
    this.state = { ...this.state, ...change };
    if (change.waiting) this.storage.setItem(this.key, JSON.stringify(this.state.waiting));
    this.listeners.forEach((listener) => listener());
  }
}

/** The status each cadet has once everything that waits has arrived. */
export function pendingStatus(waiting: readonly Mark[], dayId: number): Map<number, AttendanceStatus> {
  return new Map(waiting.filter((mark) => mark.training_day_id === dayId).map((mark) => [mark.cadet_id, mark.status]));
}
