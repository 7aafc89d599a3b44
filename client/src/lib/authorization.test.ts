import { describe, expect, it } from "vitest";
import { admin, cadet, staff } from "@/testing/people";
import { can } from "./authorization";

describe("what a role may see", () => {
  it("nobody sees nothing", () => expect(can(null, "roster.read")).toBe(false));
  it("a cadet sees only their own", () => {
    expect(can(cadet, "grading.own")).toBe(true);
    for (const permission of ["roster.read", "grading.read", "grading.mark", "reports.request", "users.manage"] as const)
      expect(can(cadet, permission)).toBe(false);
  });
  it("staff mark and score, and only the command group manages", () => {
    expect(can(staff, "grading.mark")).toBe(true);
    expect(can(staff, "terms.manage")).toBe(false);
    expect(can({ ...staff, positions: ["Commandant"] }, "terms.manage")).toBe(true);
    expect(can({ ...staff, positions: ["Commandant"] }, "users.manage")).toBe(false);
  });
  it("an admin sees everything but a cadet's own pages", () => {
    expect(can(admin, "users.manage")).toBe(true);
    expect(can(admin, "grading.own")).toBe(false);
  });
});
