import { localised, plural } from "./localised";

export const rollCall = localised({
  en: {
    what: "The roll",
    whole: "Everyone",
    here: (here: number, all: number) => `${here} of ${all} here`,
    here1: "here",
    of: "of",
    allPresent: (count: number) => (count === 1 ? "Mark 1 present" : `Mark all ${count} present`),
    restPresent: (count: number) => `Mark the other ${count} present`,
    tapHint: "Then tap whoever is absent; tap again to give the presence back.",
    next: (status: string) => `Mark ${status.toLowerCase()}`,
    last: (name: string, status: string) => `${name}: ${status}`,
    setLast: (name: string) => `What is it for ${name}?`,
    /** Under a sign, where a fifth of a phone's width is all there is; the sign itself is read out in full. */
    short: { duty: "Duty" } as Partial<Record<string, string>>,
    undo: "Undo",
    undone: (what: string) => `Taken back: ${what}`,
    many: (count: number, status: string) => `${plural(count, "cadet", "cadets")} ${status}`,
    saved: "Saved",
    refused: (why: string) => `Does not stand: ${why}`,
    failed: (count: number) =>
      `${plural(count, "mark does", "marks do")} not stand; the reason is in the row, which shows what RGMS holds. Mark again to replace it.`,
    replaced: (name: string, mine: string, theirs: string, time: string) =>
      `${name}: yours stands (${mine}). Somebody else had marked ${theirs} at ${time}.`,
    manyPlatoons: (count: number, platoons: number, ahead: string | false) => ({
      title: `Mark ${count} cadets of ${platoons} platoons present?`,
      body: ahead
        ? `That is more than one platoon, and the day is still to come: ${ahead}. Choose a platoon above to mark yours alone.`
        : "That is more than one platoon. Choose a platoon above to mark yours alone.",
      confirm: `Mark ${count} present`,
    }),
    futureDay: (day: string) => ({
      title: "Mark a day that has not come?",
      body: `This training day is on ${day}.`,
      confirm: "Mark it all the same",
    }),
    empty: "Nobody is on this roll",
    emptyBody: "No cadet of the roster fits this unit and the cadet course of the term.",
    cancelled: "This training day is cancelled: marks are kept, but they count for nothing.",
    missing: "This training day",
    keys: "Keys: P L E D A mark, Backspace clears, arrows move.",
  },
});
