import { paths } from "@/config/paths";
import type { IconName } from "@/components/ui";
import { can, type Permission } from "@/lib/authorization";
import type { User } from "@/lib/session";
import { navigation as words } from "@/messages/navigation";

export type Place = { to: string; label: string; icon: IconName; permission: Permission; end?: boolean };

// In the order of use. What a person may not see is absent, not grey.
const PLACES: readonly Place[] = [
  { to: paths.home, label: words.home, icon: "home", permission: "roster.read", end: true },
  { to: paths.cadets, label: words.cadets, icon: "people", permission: "roster.read" },
  { to: paths.terms, label: words.training, icon: "calendar", permission: "grading.read" },
  { to: paths.gradebook, label: words.grades, icon: "grid", permission: "grading.read" },
  { to: paths.merits, label: words.merits, icon: "medal", permission: "grading.merit" },
  { to: paths.reports, label: words.reports, icon: "report", permission: "reports.request" },
  { to: paths.staff, label: words.staff, icon: "badge", permission: "roster.read" },
  { to: paths.units, label: words.units, icon: "flag", permission: "roster.read" },
  { to: paths.accounts, label: words.accounts, icon: "key", permission: "users.manage" },
  { to: paths.audit, label: words.history, icon: "clock", permission: "audit.read" },
  { to: paths.myGrade, label: words.myGrade, icon: "medal", permission: "grading.own" },
  { to: paths.myAttendance, label: words.myAttendance, icon: "calendar", permission: "grading.own" },
  { to: paths.myMerits, label: words.myMerits, icon: "flag", permission: "grading.own" },
  { to: paths.myProfile, label: words.myProfile, icon: "person", permission: "roster.own" },
];

export const placesFor = (user: User): Place[] => PLACES.filter((place) => can(user, place.permission));
