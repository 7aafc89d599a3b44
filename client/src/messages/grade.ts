import { localised } from "./localised";

export const grade = localised({
  en: {
    held: "held",
    open: "still open",
    lost: "lost",
    pass: (points: string) => `Pass ${points}`,
    bar: (held: string, open: string, lost: string, pass: string | null) =>
      `${held} points held, ${open} still open, ${lost} no longer possible.${pass ? ` A pass needs ${pass}.` : ""}`,
    best: "Best grade still open",
    heldOf: (max: string) => `held, of ${max}`,
    of: (max: string) => `of ${max}`,
    noGrade: "No grade yet",
    noGradeWhy: "Nothing is recorded this term. The grade begins with the first mark, merit or score.",
    notFinal: "No final grade yet",
    soFar: (transmuted: string) => `${transmuted} so far`,
    finalPoints: (points: string) => `${points} points`,
    missing: (what: string[]) => (what.length ? `${what.join(". ")}.` : ""),
    reached: "What is held is already at or above the pass line.",
    canPass: "A pass is still within reach.",
    cannotPass: "A pass is no longer within reach.",
    passed: "Passed",
    failed: "Failed",
    parts: "What the grade is made of",
    policy: (version: number) =>
      `Rules: policy version ${version}. Points are shown to two places and added exactly; the total is rounded once.`,
    now: (moment: string) => `As of ${moment}, Manila time`,
    then: (moment: string) => `As it stood on ${moment}, Manila time`,
  },
});
