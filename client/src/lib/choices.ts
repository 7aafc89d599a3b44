import type { Choice } from "@/components/ui";

/** The options of a list of words. What a record holds today stays on its list, though the list no longer has it. */
export const choicesOf = (words: readonly string[], held = ""): Choice[] =>
  (held && !words.includes(held) ? [held, ...words] : words).map((value) => ({ value, label: value }));
