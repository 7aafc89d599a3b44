import { describe, expect, it } from "vitest";
import { safeNext, signInFrom } from "./paths";

describe("the way back after signing in", () => {
  it("[8.4] keeps where the person was", () => {
    const address = new URL(signInFrom("/gradebook?company=Alpha&page=2"), "https://rgms.example");
    expect(safeNext(address.searchParams.get("next"))).toBe("/gradebook?company=Alpha&page=2");
  });
  it.each(["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", null])(
    "never leads outside: %s",
    (next) => {
      expect(safeNext(next)).toBe("/");
    },
  );
});
