import { MOST_POINTS } from "@/types/domain";
import { localised, plural } from "./localised";

export const merits = localised({
  en: {
    title: "Merits and demerits",
    cadet: "Cadet",
    find: "Find a cadet by name or student number",
    found: "Matching cadets",
    nobody: "No cadet of this name or number.",
    startTyping: "Type two letters of a name, or part of a student number.",
    chosen: (count: number) => `${plural(count, "cadet", "cadets")} chosen`,
    remove: (name: string) => `Remove ${name}`,
    kind: "Kind",
    merit: "Merit",
    demerit: "Demerit",
    points: "Points",
    pointsRange: `A whole number from 1 to ${MOST_POINTS}.`,
    reason: "Reason",
    reasonHint: "The cadet reads this.",
    reasonNeeded: "Say why: the cadet reads this.",
    cadetNeeded: "Choose at least one cadet.",
    issue: (kind: string, count: number) => (count > 1 ? `Record ${kind} for ${count} cadets` : `Record ${kind}`),
    done: (kind: string, points: number, who: string) => `${kind} of ${points} recorded for ${who}`,
    onItsWay: (kind: string, points: number, who: string) =>
      `${kind} of ${points} for ${who} is kept on this device. It is sent as soon as RGMS answers.`,
    notTaken: "It may have reached RGMS already and cannot be taken back just now. Take it back in the gradebook.",
    fact: (kind: string, points: number, reason: string) => `${kind} of ${points}: ${reason}`,
    cadets: (count: number) => plural(count, "cadet", "cadets"),
    refused: (name: string, why: string) => `${name}: ${why}`,
    taken: "Taken back",
    undoReason: "Taken back right after recording",
    noTerm: "There is no term yet, so there is nothing to record for.",
    what: "The cadets",
  },
});
