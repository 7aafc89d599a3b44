import { localised } from "./localised";

export const audit = localised({
  en: {
    title: "Who changed what",
    what: "The history",
    area: "Of what",
    areas: { roster: "Roster", grading: "Terms and days", auth: "Accounts", media: "Files" } as Record<string, string>,
    action: "What was done",
    anyAction: "Everything",
    actions: {
      created: "Added",
      changed: "Changed",
      removed: "Removed",
      handed_out: "Handed out",
      refused: "Refused",
    } as Record<string, string>,
    object: (kind: string, id: string) =>
      `${(OBJECTS[kind] ?? kind).replaceAll("_", " ")}${id ? ` ${id.length > 12 ? `${id.slice(0, 8)}…` : id}` : ""}`,
    only: (thing: string) => `Only ${thing}.`,
    onlyBy: (actor: string) => `Only what ${actor} did.`,
    all: "Show all",
    columns: { at: "When", actor: "Who", action: "What", object: "Of", changes: "Before and after" },
    system: "RGMS itself",
    stranger: "Somebody not signed in",
    field: (name: string) => name.replaceAll("_", " "),
    nothing: "empty",
    none: "Nothing here yet",
    noneBody: "What people add, change or remove is listed here from now on, with who did it and what stood there before.",
    noneFound: "Nothing of this kind",
    older: "Nobody can change this list. Marks, merits and scores name their author in the gradebook.",
    ofCadet: "Who changed this",
  },
});

const OBJECTS: Record<string, string> = {
  cadet: "Cadet",
  staff: "Staff",
  unit: "Unit",
  course: "Course",
  cadet_import: "Import",
  user: "Account",
  activation_code: "Activation code",
  email_change: "E-mail change",
  totp: "Authenticator app",
  passkey: "Passkey",
  recovery_code: "Recovery code",
  term: "Term",
  training_day: "Training day",
  policy: "Grading policy",
  file: "File",
  file_link: "Link to file",
  refused_rows: "Refused rows of import",
};
