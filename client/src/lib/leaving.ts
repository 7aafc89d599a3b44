import { api } from "@/lib/api-client";

const KEY = "rgms.leaving";

function kept(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** A sign-out that the server could not hear of: the page has no way to the cookie, so the sign-in ends as soon as it hears. */
export function leaveLater(handle: string): void {
  localStorage.setItem(KEY, JSON.stringify([...new Set([...kept(), handle])]));
}

/** Tells the server of every sign-out that it has not heard of. */
export async function finishLeaving(): Promise<void> {
  for (const handle of kept()) {
    try {
      await api.post("/auth/logout", { anonymous: true, handle });
    } catch {
      return; // Still out of reach; the next signal tries again.
    }
    const left = kept().filter((one) => one !== handle);
    if (left.length) localStorage.setItem(KEY, JSON.stringify(left));
    else localStorage.removeItem(KEY);
  }
}
