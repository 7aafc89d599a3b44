import type { SignedIn } from "@/lib/session";
import type { Schema } from "@/types";

/** What a sign-in answers when the password is right and one more step is due. */
export type SecondStep = Schema<"SecondStep">;

/** With the handle under which it was begun, and has to be completed. */
export type AskedStep = { step: SecondStep; handle: string };

export const isSecondStep = (answer: SignedIn | SecondStep): answer is SecondStep => "ticket" in answer;
