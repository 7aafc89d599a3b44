import { localised, plural } from "./localised";

export const conflicts = localised({
  en: {
    open: (count: number) => `${plural(count, "row", "rows")} may be somebody who is on file under another name. Say who it is.`,
    decide: "Decide",
    title: "Who is this?",
    hint: "These rows carry the number, the user name or the e-mail address of somebody who goes by another name or number. Nothing of a row is written before you say who it is, and you can take it back until you apply.",
    keys: "With the keyboard: Tab to a person, then S for the same person, A for another, L to leave it out.",
    left: (count: number) =>
      `${plural(count, "row waits", "rows wait")} for your decision. What waits is left out when you apply.`,
    none: "Nothing to decide in this file.",
    rowOf: (name: string, place: string) => `${name} · ${place}`,
    field: "Field",
    inFile: "In the file",
    onFile: "On the roster",
    archived: "archived",
    earlierRow: (place: string) => `Earlier in this file: ${place}`,
    differs: "differs",
    same: "Same person",
    sameAs: (name: string) => `Same as ${name}`,
    another: "Another person",
    leave: "Leave out",
    takeBack: "Take back",
    decided: { same: "Same person", another: "Another person", leave: "Left out" } as Record<string, string>,
    undecided: "To decide",
    failed: "Nothing was decided:",
    kept: (count: number) => `${plural(count, "cadet stays", "cadets stay")} on the roster, although this import made them:`,
  },
});
