import { common } from "./common";
import { gradebook } from "./gradebook";
import { localised } from "./localised";

export const policy = localised({
  en: {
    title: (version: number) => `Grading policy ${version}`,
    what: "The grading policy",
    of: (name: string) => `Graded by it: ${name}`,
    parts: {
      attendance: gradebook.columns.attendance,
      aptitude: gradebook.columns.aptitude,
      subject: gradebook.columns.subject,
    },
    points: (weight: string) => `${weight} points`,
    credit: "What a day earns",
    statuses: common.status as Record<string, string>,
    day: (part: string) => (part === "1" ? "a whole day" : part === "0" ? "nothing" : `${part} of a day`),
    divisors: {
      scheduled:
        "Divided by all training days of the term that are not cancelled. A day without a mark is open, neither earned nor lost.",
      fixed: (days: number | null) => `Divided by ${days ?? common.notKnown} days, however many are held.`,
    },
    minimum: (points: string) => `Below ${points} points the cadet fails, whatever the total.`,
    inARow: (days: number) => `${days} absences in a row are pointed out, for the office to decide.`,
    base: (base: string, scale: string) =>
      `Everyone begins with ${base} of ${scale}; merits add to it and demerits take from it.`,
    floor: (points: string) => `It never falls below ${points}.`,
    ceiling: (points: string) => `It never rises above ${points}.`,
    cap: (points: string) => `No more than ${points} merits count.`,
    exams: "Exams",
    exam: "Exam",
    most: "Highest score",
    sum: "The scores are added, and divided by the sum of the highest scores.",
    table: "From points to the grade",
    atLeast: "Points, at least",
    grade: "Grade",
    below: "Below",
    rounding: (decimals: number) => `The total is rounded once, to ${decimals} decimals, half up, but never into another grade.`,
    before: "The grade is read from the exact total, before it is rounded.",
    after: "The grade is read from the rounded total.",
    source: "Where these rules come from",
    fixedForTerm: "A term keeps the policy it was opened with: a change of rules would change grades that people have seen.",
  },
});
