import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, cadet, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { battalion, unit } from "@/testing/units";
import { rowsOf } from "./api/units";
import { AddUnit, EditUnit } from "./components/UnitForm";
import { UnitTable } from "./components/UnitTable";

const tree = [battalion(unit("company", "Alpha", { cadets: 7 }, [unit("platoon", "1st Platoon")]), unit("company", "Echo"))];
const rows = rowsOf(tree);
const alpha = rows.find((row) => row.name === "Alpha")!;

beforeEach(() => void enter(admin));

describe("the unit tree", () => {
  it("stands from top to bottom, each unit as deep as it is", () => {
    expect(rows.map((row) => [row.name, row.depth])).toEqual([
      ["Battalion", 0],
      ["Alpha", 1],
      ["1st Platoon", 2],
      ["Echo", 1],
    ]);
  });

  it("adds below a unit what may stand there", async () => {
    const server = fakeServer({ "POST /api/v1/units": { status: 201, body: unit("platoon", "Band") } });
    const onSaved = vi.fn();
    const { user } = renderAt("/units", <AddUnit rows={rows} parent={alpha} onClose={vi.fn()} onSaved={onSaved} />);
    const kinds = () => within(screen.getByLabelText("Kind")).getAllByRole("option");
    expect(kinds().map((one) => one.textContent)).toEqual(["Platoon"]);
    await user.selectOptions(screen.getByLabelText("Under"), "Battalion");
    expect(kinds().map((one) => one.textContent)).toEqual(["Company", "Special unit"]);
    await user.selectOptions(screen.getByLabelText("Under"), "Alpha");
    await user.type(screen.getByLabelText("Name"), "Band");
    await user.click(screen.getByRole("button", { name: "Add the unit" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalled());
    expect(server.sent("POST /api/v1/units")[0]?.body).toEqual({
      kind: "platoon",
      name: "Band",
      parent_id: alpha.id,
      sequence: 0,
    });
  });

  it("says how many records follow a new name, and keeps it when somebody else was there first", async () => {
    const server = fakeServer({ [`PATCH /api/v1/units/${alpha.id}`]: refusal(412, "stale_version") });
    const { user } = renderAt("/units", <EditUnit unit={alpha} onClose={vi.fn()} onSaved={vi.fn()} />);
    await user.type(screen.getByLabelText("Name"), "!");
    expect(screen.getByText("The records of 7 cadets follow the new name at once.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save the unit" }));
    expect(await screen.findByText(/Somebody else changed this unit/)).toBeInTheDocument();
    expect(screen.getByLabelText("Name")).toHaveValue("Alpha!");
    expect(server.asked[0]?.headers.get("If-Match")).toBe('"1"');
  });

  it("switches a unit off only after a word about who is in it", async () => {
    const server = fakeServer({ [`PATCH /api/v1/units/${alpha.id}`]: { body: { ...alpha, is_active: false } } });
    const { user } = renderAt("/units", <UnitTable rows={rows} />);
    await user.click(screen.getByRole("button", { name: "Switch off: Alpha" }));
    expect(screen.getByRole("dialog")).toHaveTextContent("The 7 cadets in it stay.");
    expect(server.asked).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Switch off" }));
    expect(await screen.findByText("Alpha is switched off")).toBeInTheDocument();
    expect(server.asked[0]?.body).toEqual({ is_active: false });
  });

  it("is only read by whoever may not write it", () => {
    enter(cadet);
    renderAt("/units", <UnitTable rows={rows} />);
    expect(screen.queryByRole("button", { name: /Switch off/ })).toBeNull();
  });
});
