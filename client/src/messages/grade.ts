import { localised } from "./localised";

export const grade = localised({
  en: {
    held: "held",
    open: "still open",
    lost: "lost",
    pass: (points: string) => `Pass ${points}`,
    bar: (held: string, open: string, lost: string, pass: string | null) =>
      `${held} points held, ${open} still open, ${lost} no longer possible.${pass ? ` A pass needs ${pass}.` : ""}`,
    best: "At best",
    worst: "At worst",
    ends: "If all that is open goes as well, or as badly, as it can; merits and demerits as they stand.",
    end: (grade: string, points: string) => `${grade} (${points} points)`,
    heldOf: (max: string) => `held, of ${max}`,
    of: (max: string) => `of ${max}`,
    noGrade: "No grade yet",
    noGradeWhy: "Nothing is recorded this term. The grade begins with the first mark, merit or score.",
    notFinal: "No final grade yet",
    specialWhy: "The office has set this. What is recorded stays below, and counts again when the office takes it back.",
    soFarPoints: (points: string) => `${points} points so far`,
    finalPoints: (points: string) => `${points} points`,
    missing: (what: string[]) => (what.length ? `${what.join(". ")}.` : ""),
    outlook: {
      open: "A pass is still within reach.",
      passed: "A pass is certain, whatever comes.",
      out_of_reach: "A pass is no longer within reach.",
    },
    passed: "Passed",
    failed: "Failed",
    parts: "What the grade is made of",
    policy: (version: number) =>
      `Rules: policy version ${version}. Points are shown to two places and added exactly; the total is rounded once.`,
    now: (moment: string) => `As of ${moment}, Manila time`,
    then: (moment: string) => `As it stood on ${moment}, Manila time`,
  },
});
