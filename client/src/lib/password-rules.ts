import { auth } from "@/messages/auth";
import { LEAST_PASSWORD } from "@/types/domain";

/** Words for a new password that the server would refuse, so that the form says it first; the server judges again. */
export function passwordErrors(password: string, repeated: string): { password?: string; repeated?: string } {
  if (password.length < LEAST_PASSWORD) return { password: auth.tooShort };
  return password === repeated ? {} : { repeated: auth.different };
}
