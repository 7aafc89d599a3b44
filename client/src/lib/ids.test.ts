import { describe, expect, it } from "vitest";
import { uuid7 } from "./ids";

describe("record ids", () => {
  it("are UUIDs of version 7 that carry their time", () => {
    const id = uuid7(1_900_000_000_000);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(1_900_000_000_000);
  });
  it("sort in the order they were made, even within a millisecond and when the clock goes back", () => {
    const made = [...Array.from({ length: 9000 }, () => uuid7(1_900_000_000_001)), uuid7(5)];
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
  });
});
