import { localised } from "./localised";

export const reports = localised({
  en: {
    title: "Reports",
    gradeSheet: "Grade sheet",
    lead: "The grades of a term as they stand now, with their state. It is made in the background; you may go on meanwhile.",
    term: "Term",
    terms: "The terms",
    company: "Company",
    everyone: "All companies",
    format: "Format",
    formats: { xlsx: "Excel", pdf: "PDF" } as Record<string, string>,
    make: "Make the grade sheet",
    asked: "The grade sheet is being made",
    mine: "Your documents",
    what: "Your documents",
    none: "No document yet",
    noneBody: "What you ask for appears here, first with its progress, then to download.",
    download: "Download",
    again: "Ask again",
    kinds: { grade_sheet: "Grade sheet", email: "E-mail", process_file: "File check" } as Record<string, string>,
    columns: { what: "Document", when: "Asked", state: "State" },
    progress: (kind: string) => `${kind} is being made`,
    noTerm: "There is no term yet.",
    failed: "It could not be made.",
  },
});
