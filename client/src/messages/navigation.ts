import { localised } from "./localised";

export const navigation = localised({
  en: {
    home: "Home",
    cadets: "Cadets",
    training: "Training",
    grades: "Grades",
    merits: "Merits",
    reports: "Reports",
    staff: "Staff",
    accounts: "Accounts",
    imports: "Imports",
    account: "Account",
    myGrade: "Grade",
    myAttendance: "Days",
    myMerits: "Merits",
    myProfile: "Profile",
    yourAccount: (name: string) => `Your account, ${name}`,
    filters: (set: number) => (set === 0 ? "Filters" : `Filters (${set})`),
  },
});
