/** Every address of the client, so that a link and its route cannot drift apart. */
export const paths = {
  home: "/",
  signIn: "/sign-in",
  activate: "/activate",
  forgotPassword: "/forgot-password",
  resetPassword: "/reset-password",
  choosePassword: "/choose-password",
  addSecondStep: "/add-second-step",
  addresses: "/addresses",
  account: "/account",
  cadets: "/cadets",
  cadet: (id: number | string) => `/cadets/${id}`,
  imports: "/imports",
  importFile: (id: number | string) => `/imports/${id}`,
  staff: "/staff",
  units: "/units",
  terms: "/terms",
  term: (id: number | string) => `/terms/${id}`,
  policy: (termId: number | string) => `/terms/${termId}/policy`,
  disagreements: (termId: number | string) => `/terms/${termId}/disagreements`,
  trainingDay: (id: number | string) => `/training-days/${id}`,
  gradebook: "/gradebook",
  gradebookCadet: (id: number | string) => `/gradebook/${id}`,
  merits: "/merits",
  waiting: "/waiting",
  reports: "/reports",
  audit: "/audit",
  auditOf: (area: string, object: string, id: number | string) => `/audit?area=${area}&object=${object}&object_id=${id}`,
  accounts: "/accounts",
  codeCards: "/accounts/cards",
  codeCardOf: (userId: number) => `/accounts/cards?account=${userId}`,
  myGrade: "/my/grade",
  myAttendance: "/my/attendance",
  myMerits: "/my/merits",
  myProfile: "/my/profile",
} as const;

/** The sign-in address that brings a person back to where they were. Only an address inside the client is kept. */
export function signInFrom(here: string): string {
  return here.startsWith("/") && !here.startsWith("//") && here !== paths.home && !here.startsWith(paths.signIn)
    ? `${paths.signIn}?next=${encodeURIComponent(here)}`
    : paths.signIn;
}

/** Where a person does what is due before anything else, with the way back. */
export const duePath = (due: "password" | "second_factor", here: string): string => {
  const to = due === "password" ? paths.choosePassword : paths.addSecondStep;
  return here === paths.home ? to : `${to}?next=${encodeURIComponent(here)}`;
};

/** Where to go after signing in: the address kept by signInFrom, unless it leads outside the client. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith(paths.signIn) ? next : paths.home;
}
