import { common } from "@/messages/common";

type Options = Record<string, unknown>;

/** A passkey belongs to pages of one name, and works on no other. */
export const passkeysWorkHere = (domain: string): boolean =>
  "PublicKeyCredential" in window && (location.hostname === domain || location.hostname.endsWith(`.${domain}`));

/** Has the browser make a passkey. Throws in words when the person or the device would rather not. */
export async function makePasskey(options: Options): Promise<unknown> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  return said(() => startRegistration({ optionsJSON: options as never }));
}

/** Has the browser show a passkey. Throws in words when the person or the device would rather not. */
export async function showPasskey(options: Options): Promise<unknown> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  return said(() => startAuthentication({ optionsJSON: options as never }));
}

async function said<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : "";
    const known = name === "InvalidStateError" ? common.passkey.known : name === "NotAllowedError" ? common.passkey.left : null;
    throw new PasskeyError(known ?? common.passkey.failed);
  }
}

/** Why no passkey came, in words for the person. */
export class PasskeyError extends Error {}
