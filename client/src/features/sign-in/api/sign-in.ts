import { api } from "@/lib/api-client";
import type { SecondStep } from "@/lib/second-step";
import type { SignedIn } from "@/lib/session";

export const signIn = (body: { username: string; password: string }, handle: string) =>
  api.post<SignedIn | SecondStep>("/auth/login", { body, handle, anonymous: true });

/** The code of the office and a password of one's own; answers as a sign-in does. */
export const activate = (body: { code: string; password: string }, handle: string) =>
  api.post<SignedIn | SecondStep>("/auth/activate", { body, handle, anonymous: true });

export type Shown = { code: string } | { recovery_code: string } | { passkey: unknown };

export const secondStep = (ticket: string, shown: Shown, handle: string) =>
  api.post<SignedIn>("/auth/login/second", { body: { ticket, ...shown }, handle, anonymous: true });

/** Always accepted: whether the username exists is not told. */
export const forgotPassword = (body: { username: string }) => api.post<void>("/auth/password/forgot", { body, anonymous: true });

export const resetPassword = (body: { token: string; password: string }) =>
  api.post<void>("/auth/password/reset", { body, anonymous: true });
