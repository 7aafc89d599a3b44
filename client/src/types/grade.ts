import type { Schema } from "@/types";

// The generator takes an object that may be null for an empty one; this is what the server sends.
export type ExplanationNode = Omit<Schema<"Node">, "record" | "children"> & {
  record: Schema<"Fact"> | null;
  children: ExplanationNode[];
};
export type ExplainedGrade = Omit<Schema<"Grade">, "explanation"> & { explanation: ExplanationNode };
/** Points are text with two decimals, or null while they are not known. */
export type Points = string | null;
export type ComponentName = keyof Schema<"Components">;
