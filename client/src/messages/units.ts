import { localised } from "./localised";

export const units = localised({
  en: {
    company: "Company",
    platoon: "Platoon",
    allCompanies: "All companies",
    allPlatoons: "All platoons",
  },
});
