import type { Schema } from "@/types";

export type ExplainedGrade = Schema<"Grade">;
export type ExplanationNode = Schema<"Node">;
/** Points are text with two decimals, or null while they are not known. */
export type Points = string | null;
export type ComponentName = keyof Schema<"Components">;
