/** Asks the person for their password once more; true when the server took it. */
type Ask = () => Promise<boolean>;

let asked: Ask | null = null;
let asking: Promise<boolean> | null = null;

/** The page that can ask says so; the answer takes it back. */
export function onProofNeeded(ask: Ask): () => void {
  asked = ask;
  return () => {
    if (asked === ask) asked = null;
  };
}

/** One question at a time, whatever waits for it. False when nobody can ask, or the person would rather not. */
export function askForProof(): Promise<boolean> {
  if (!asked) return Promise.resolve(false);
  asking ??= asked().finally(() => {
    asking = null;
  });
  return asking;
}
