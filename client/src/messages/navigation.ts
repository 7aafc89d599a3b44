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
    units: "Units",
    accounts: "Accounts",
    history: "History",
    imports: "Imports",
    account: "Account",
    myGrade: "Grade",
    myAttendance: "Days",
    myMerits: "Merits",
    myProfile: "Profile",
    yourAccount: (name: string) => `Your account, ${name}`,
    waiting: (waiting: number, refused: number) =>
      [waiting > 0 ? `${waiting} waiting to send` : "", refused > 0 ? `${refused} to decide` : ""].filter(Boolean).join(", "),
    filters: (set: number) => (set === 0 ? "Filters" : `Filters (${set})`),
  },
});
