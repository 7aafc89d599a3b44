import { auth } from "@/messages/auth";

const LEAST = 10;

/** Words for a new password that the server would refuse, so that the form says it first; the server judges again. */
export function passwordErrors(password: string, repeated: string): { password?: string; repeated?: string } {
  if (password.length < LEAST) return { password: auth.tooShort };
  return password === repeated ? {} : { repeated: auth.different };
}
