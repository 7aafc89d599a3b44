import { localised } from "./localised";

export const staff = localised({
  en: {
    title: "Training staff",
    what: "The staff list",
    search: "Name or e-mail",
    add: "Add staff",
    addTitle: "Add a member of the training staff",
    editTitle: (name: string) => `Edit ${name}`,
    save: "Save",
    saved: (name: string) => `${name} saved`,
    edit: "Edit",
    empty: "No training staff yet",
    emptyBody: "Instructors and the command group are added here; each gets an account that waits for activation.",
    noneFound: "Nobody fits this search",
    columns: { name: "Name", position: "Position", email: "E-mail", contact: "Contact" },
    fields: { rank: "Rank", first_name: "First name", middle_name: "Middle name", last_name: "Last name", suffix_name: "Suffix", email: "E-mail", contact_number: "Contact", position: "Position", afpsn: "AFP serial number" } as Record<string, string>,
    positions: ["Instructor", "Admin", "Commandant", "Assistant Commandant", "NSTP Director", "ROTC Coordinator", "Admin NCO"],
    archive: "Archive",
    archiveTitle: (name: string) => `Archive ${name}?`,
    archiveBody: "The account is closed and the person leaves the list. What they recorded is kept; they can be restored.",
    keep: "Keep",
    archived: (name: string) => `${name} archived`,
    restored: (name: string) => `${name} restored`,
    needed: "This is needed.",
  },
});
