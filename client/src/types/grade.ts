import type { Schema } from "@/types";

// The generator takes an object that may be null for an empty one; this is what the server sends.
export type ExplanationNode = Omit<Schema<"Node">, "record" | "children"> & {
  record: Schema<"Fact"> | null;
  children: ExplanationNode[];
};
type Nullable = "so_far" | "worst" | "best";
/** What a row of the gradebook and an explained grade say alike: what is so far, and between which ends the grade will lie. */
export type Standing = { so_far: Schema<"SoFar"> | null; worst: Schema<"End"> | null; best: Schema<"End"> | null };
export type GradebookRow = Omit<Schema<"GradebookRow">, Nullable> & Standing;
export type ExplainedGrade = Omit<Schema<"Grade">, "explanation" | Nullable> & Standing & { explanation: ExplanationNode };
/** Points are text with two decimals, or null while they are not known. */
export type Points = string | null;
export type ComponentName = keyof Schema<"Components">;
