import { localised, plural } from "./localised";

export const disagreements = localised({
  en: {
    title: "Marks that differ",
    what: "The marks that differ",
    lead: "Two devices marked one cadet without knowing of each other. The later mark stands until you keep one.",
    none: "No marks differ",
    noneBody: "When two people mark the same cadet on the same day without seeing each other's mark, both stand here.",
    columns: { name: "Cadet", day: "Training day", stands: "Stands now", other: "The other mark" },
    by: (who: string, when: string) => `${who}, ${when}`,
    keep: "Keep this one",
    keepOf: (status: string, who: string, cadet: string) => `Keep this one: ${status}, by ${who}, for ${cadet}`,
    kept: (cadet: string, status: string) => `${cadet}: ${status}`,
    changed: (cadet: string) => `Somebody has marked ${cadet} meanwhile. Look at both again.`,
    notKept: (why: string) => `Nothing was changed. ${why}`,
    banner: (count: number) => `${plural(count, "mark differs", "marks differ")} between two devices.`,
    look: "Compare them",
  },
});
