import type { Schema } from "@/types";
import type { Fact } from "./facts";
import type { Effect, Obstacle } from "./sender";
import type { Holder } from "./store";

export type Stall = { since: number; why: Obstacle };

export type QueueState = {
  /** False until the device has been asked what it holds. */
  read: boolean;
  waiting: readonly Fact[];
  refused: readonly Fact[];
  /** What the server has, though the lists on the screen may not say so yet. */
  arrived: readonly Fact[];
  sending: boolean;
  stalled: Stall | null;
  /** False when something here would be lost with the page. */
  lasting: boolean;
  /** What waits here for others; it is not shown, and never sent by anybody else. */
  others: readonly Holder[];
  /** When the server last took something, in milliseconds. */
  arrivedAt: number | null;
};

export type Arrival = { facts: readonly Fact[]; grades: readonly Schema<"GradebookRow">[]; effects: readonly Effect[] };

/** What is known before the device has been asked. */
export const EMPTY: QueueState = {
  ...{ read: false, waiting: [], refused: [], arrived: [], others: [] },
  ...{ sending: false, stalled: null, lasting: true, arrivedAt: null },
};
