import { localised, plural } from "./localised";

const exams: Record<string, string> = { prelim: "Prelim", midterm: "Midterm", final: "Final" };

const short: Record<string, string> = { attendance: "days", ...exams };

/** What is missing, in a few words: "Needs days, final". */
const needs = (missing: readonly string[]): string =>
  `Needs ${missing.map((one) => (short[one] ?? one).toLowerCase()).join(", ")}`;

export const gradebook = localised({
  en: {
    title: "Gradebook",
    what: "The gradebook",
    oneGrade: "The grade",
    term: "Term",
    company: "Company",
    platoon: "Platoon",
    allCompanies: "All companies",
    allPlatoons: "All platoons",
    search: "Name or student number",
    state: "State",
    anyState: "Any state",
    exams,
    needs,
    columns: {
      cadet: "Cadet",
      unit: "Unit",
      days: "Days",
      late: "Late",
      attendance: "Attendance",
      merits: "Merits",
      demerits: "Demerits",
      aptitude: "Aptitude",
      subject: "Proficiency",
      points: "Points",
      final: "Final grade",
      total: "Total",
      grade: "Grade",
      state: "State",
    },
    empty: "Nobody is in this gradebook",
    emptyBody: "No cadet of the roster fits this unit and the cadet course of the term.",
    noTerm: "No term yet",
    noTermBody: "A gradebook belongs to a term. Open a term first.",
    terms: "Terms",
    live: "Live",
    paused: "Live updates are paused",
    scoreOf: (exam: string, name: string) => `${exam} score of ${name}`,
    scoreWrong: (max: number) => `A number from 0 to ${max}, with two decimals at most.`,
    saving: (count: number) => `${plural(count, "score", "scores")} on the way`,
    savedAt: (time: string) => `Saved ${time}`,
    notSaved: (count: number) => `${plural(count, "score", "scores")} not saved`,
    keys: "Enter saves and goes down, Tab goes right, Esc puts back, Ctrl+Z takes your last score back.",
    undo: "Undo",
    undone: (what: string) => `Taken back: ${what}`,
    merit: "Merit or demerit",
    report: "Grade sheet",
    profile: "Open the profile",
    gradesOf: (exam: string, name: string, value: string) => `${exam} of ${name}: ${value}`,
    history: "Merits and demerits",
    noHistory: "No merit or demerit is recorded this term.",
    void: "Take back",
    voidTitle: "Take this record back?",
    voidBody: "It stays in the history, marked as taken back, with your reason.",
    voidReason: "Reason",
    voidKeep: "Keep it",
    voided: "Taken back",
    needed: "This is needed.",
    kind: { merit: "Merit", demerit: "Demerit" } as Record<string, string>,
    by: (who: string) => `by ${who}`,
  },
});
