import type { Schema } from "@/types";

/** What a device may hold until the server has it: one row a fact, never changed once it is made. */

/** What its writer had before them: the record that is corrected, or the one (or the value) that stood on the screen. */
type Seen = { supersedes?: string; based_on?: string | null; based_on_value?: string | null };

type Bodies = {
  attendance: { training_day_id: number; cadet_id: number; status: string } & Omit<Seen, "based_on_value">;
  score: { term_id: number; exam: string; cadet_id: number; value: string | null } & Seen;
  points: { term_id: number; cadet_id: number; kind: "merit" | "demerit"; points: number; reason: string };
};

export type FactKind = keyof Bodies;

/** What makes a fact one and the same however often it is sent, and gives the facts of a device their order. */
export type Stamp = { id: string; occurred_at: string; device_id: string; device_seq: number };

/** The fact in words that need no network, and the address of the page that it was made on. */
export type About = { who: string; what: string; where: string; to: string };

/** What another person recorded in the same place. */
export type OtherRecord = Schema<"OtherRecord">;

/**
 * Why a fact does not stand. `stored`: the server has it, and it has no effect; `current` is what stands in its place. Otherwise the
 * server would not take it.
 */
export type Refusal = { code: string; message: string; at: number; stored: boolean; current: OtherRecord | null };

/** A fact as somebody makes it. */
export type Draft = { [K in FactKind]: { kind: K; body: Bodies[K]; about: About } }[FactKind];

/** A fact as the device holds it. `owner` is the user id of whoever made it; `refusal` is why the server would not take it. */
export type Fact = Draft & { body: Stamp; id: string; owner: number; seq: number; refusal: Refusal | null };

export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;

export type Owner = { id: number; name: string };

/** Where each kind is sent, under which name its batch goes, and which lists (by the first word of their key) show it. */
export const ROUTES: Record<FactKind, { path: string; list: string; shownIn: readonly string[] }> = {
  attendance: { path: "/attendance/marks", list: "marks", shownIn: ["roll", "gradebook", "home"] },
  score: { path: "/exams/scores", list: "scores", shownIn: ["gradebook", "home"] },
  points: { path: "/merits/records", list: "records", shownIn: ["gradebook", "home"] },
};

export const factsOf = <K extends FactKind>(facts: readonly Fact[], kind: K): FactOf<K>[] =>
  facts.filter((fact): fact is FactOf<K> => fact.kind === kind);
