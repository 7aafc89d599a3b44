import { localised } from "./localised";

export const addresses = localised({
  en: {
    title: "Addresses to confirm",
    what: "Addresses to confirm",
    lead: "The office changed these addresses. Links to reset a password go to the old one until its owner or a second officer says yes.",
    none: "No address waits",
    noneBody:
      "When the office changes somebody's e-mail address, it stands here until the owner or a second officer confirms it.",
    columns: { name: "Name", old: "Old address", new: "New address", by: "Changed", decide: "Decide" },
    noAddress: "no address",
    fromTo: (old: string, next: string) => `${old} → ${next}`,
    by: (who: string | null, when: string) => (who ? `by ${who}, ${when}` : when),
    accept: "Confirm",
    refuse: "Refuse",
    yourOwn: "Yours: another officer confirms",
    decideOn: (name: string) => `Decide on the address of ${name}`,
    doneFor: {
      accept: (name: string) => `The new address of ${name} counts from now on. The old one was told.`,
      refuse: (name: string) => `${name} keeps the old address.`,
    },
    banner: (count: number) =>
      count === 1
        ? "1 changed e-mail address waits for a second officer."
        : `${count} changed e-mail addresses wait for a second officer.`,
    look: "Look at them",
    own: "E-mail address",
    ownWhat: "Your e-mail address",
    ownHint: "Links to reset your password go here.",
    proposed: (address: string) => `The office wrote ${address}. Is it yours?`,
    proposedHint: (when: string) => `Changed ${when}. Nothing goes there until you or a second officer says yes.`,
    mine: "Yes, it is mine",
    notMine: "No, keep the old one",
    done: { accept: "Reset links go to the new address from now on", refuse: "The old address stays" },
    linkTitle: "Your e-mail address",
    linkWhat: "What this link is about",
    linkBroken: "This link is not complete. Open it again from the e-mail.",
    undo: "Take it back and sign everyone out",
    linkState: {
      waiting:
        "The office wrote the new address. Is it yours? Links to reset your password keep going to the old one until you say yes.",
      applied: "Links to reset your password go to the new address. If you did not want that, take it back.",
      refused: "The old address stays. Nothing goes to the new one.",
      undone:
        "It is taken back. Everyone was signed out of your account, and a link to choose a new password is on its way to the old address.",
    },
  },
});
