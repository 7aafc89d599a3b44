import { newHandle, startSession, type SignedIn, type User } from "@/lib/session";

const base = {
  positions: [],
  cadet_id: null,
  staff_id: null,
  must_change_password: false,
  due: null,
  has_second_factor: false,
  second_factor_due_at: null,
};
export const admin: User = { ...base, id: 1, username: "admin", role: "admin", display_name: "Maria Peralta" };
export const staff: User = { ...base, id: 2, username: "labadan", role: "staff", staff_id: 4, display_name: "Jose Labadan" };
export const cadet: User = {
  ...base,
  id: 3,
  username: "2026-10482",
  role: "cadet",
  cadet_id: 7,
  display_name: "Maristel Quiambao",
};

export const signedInAs = (user: User, token = "token-1"): SignedIn => ({
  token,
  refresh_token: null,
  expires_in: 900,
  user,
});

/** Puts a person's session where a sign-in would have put it. */
export const enter = (user: User, options = { shared: false }) => startSession(signedInAs(user), newHandle(options));
