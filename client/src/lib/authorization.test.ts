import { describe, expect, it } from "vitest";
import { admin, cadet, staff } from "@/testing/people";
import { COMMAND_GROUP, PERMISSIONS, PERMISSIONS_OF } from "@/types/domain";
import { can } from "./authorization";

const held = (user: Parameters<typeof can>[0]) => PERMISSIONS.filter((permission) => can(user, permission));

describe("what a role may see", () => {
  it("is what the server's own list says of it", () => {
    expect(held(admin)).toEqual(PERMISSIONS_OF.admin);
    expect(held(staff)).toEqual(PERMISSIONS_OF.staff);
    expect(held(cadet)).toEqual(PERMISSIONS_OF.cadet);
    for (const position of COMMAND_GROUP) expect(held({ ...staff, positions: [position] })).toEqual(PERMISSIONS_OF.command);
  });
  it("is nothing for nobody, and for a role that the list does not know", () => {
    expect(held(null)).toEqual([]);
    expect(held({ role: "visitor" as "cadet", positions: ["Commandant"] })).toEqual([]);
  });
  it("is no more for a cadet with a position", () => {
    expect(held({ ...cadet, positions: ["Commandant"] })).toEqual(PERMISSIONS_OF.cadet);
  });
});
