import { localised } from "./localised";

export const account = localised({
  en: {
    title: "Your account",
    signOut: "Sign out",
    appearance: "Appearance",
    password: "Change your password",
    passwordDo: "Change the password",
    passwordNote: "Every other device is signed out.",
    passwordDone: "Your password is changed",
    currentNeeded: "Type your current password.",
    wrongCurrent: "This is not your current password.",
    sessions: "Where you are signed in",
    sessionsWhat: "Your sign-ins",
    sessionsHint: "End what you do not know, and change your password then.",
    thisDevice: "This device",
    lastUsed: (moment: string) => `last used ${moment}`,
    since: (moment: string) => `since ${moment}`,
    end: "Sign out",
    endOf: (device: string) => `Sign out ${device}`,
    ended: (device: string) => `${device} is signed out`,
    device: (browser: string, system: string) => `${browser} on ${system}`,
    unknownDevice: "Unknown device",
    username: "Username",
    positions: "Positions",
  },
});
