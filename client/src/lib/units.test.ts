import { describe, expect, it } from "vitest";
import { battalion, unit } from "@/testing/units";
import { unitNames } from "./units";

const tree = [
  battalion(
    unit("company", "Alpha", {}, [unit("platoon", "1st Platoon"), unit("platoon", "3rd Platoon")]),
    unit("company", "Bravo", {}, [unit("platoon", "1st Platoon"), unit("platoon", "9th Platoon", { is_active: false })]),
    unit("company", "Echo"),
    unit("company", "Old Guard", { is_active: false, cadets: 3 }),
    unit("company", "Forgotten", { is_active: false }),
    unit("special", "Medics"),
  ),
];

describe("the names of the units", () => {
  it("are those of the tree, each once, the special units last", () => {
    expect(unitNames(tree, { which: "given" })).toEqual({
      companies: ["Alpha", "Bravo", "Echo"],
      platoons: ["1st Platoon", "3rd Platoon", "Medics"],
    });
  });

  it("are a company's own platoons, or all where it has none", () => {
    expect(unitNames(tree, { company: "Bravo", which: "given" }).platoons).toEqual(["1st Platoon", "Medics"]);
    expect(unitNames(tree, { company: "Echo", which: "given" }).platoons).toEqual(["1st Platoon", "3rd Platoon", "Medics"]);
  });

  it("find a unit that was switched off while cadets are in it, but are not given anew", () => {
    expect(unitNames(tree, { which: "found" }).companies).toEqual(["Alpha", "Bravo", "Echo", "Old Guard"]);
  });
});
