import { screen, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { battalion, unit } from "@/testing/units";
import { UnitFilter } from "./UnitFilter";

function Filter({ at = "" }: { at?: string }) {
  const [company, setCompany] = useState(at);
  const [platoon, setPlatoon] = useState("");
  return <UnitFilter company={company} platoon={platoon} onCompany={setCompany} onPlatoon={setPlatoon} />;
}
const options = (label: string) =>
  within(screen.getByLabelText(label))
    .getAllByRole("option")
    .map((one) => one.textContent);

beforeEach(() => {
  void enter(staff);
  const echo = unit("company", "Echo", {}, [unit("platoon", "7th Platoon")]);
  const alpha = unit("company", "Alpha", {}, [unit("platoon", "1st Platoon")]);
  fakeServer({ "GET /api/v1/units": { body: { data: [battalion(alpha, echo, unit("special", "Medics"))] } } });
});

describe("the filter by unit", () => {
  it("offers the units of the tree, and the platoons of the company chosen", async () => {
    const { user } = renderAt("/gradebook", <Filter />);
    await screen.findByRole("option", { name: "Echo" });
    expect(options("Platoon")).toEqual(["All platoons", "1st Platoon", "7th Platoon", "Medics"]);
    await user.selectOptions(screen.getByLabelText("Company"), "Echo");
    expect(options("Platoon")).toEqual(["All platoons", "7th Platoon", "Medics"]);
  });

  it("shows what the address asks for, though the tree has no such unit", async () => {
    renderAt("/gradebook", <Filter at="Foxtrot" />);
    expect(screen.getByLabelText("Company")).toHaveValue("Foxtrot");
    await screen.findByRole("option", { name: "Echo" });
    expect(screen.getByLabelText("Company")).toHaveValue("Foxtrot");
  });
});
