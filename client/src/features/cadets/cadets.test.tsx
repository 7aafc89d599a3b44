import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { battalion, unit } from "@/testing/units";
import type { Cadet } from "./api/cadets";
import { CadetForm } from "./components/CadetForm";
import { ProfileLock } from "./components/ProfileLock";

const tree = [battalion(unit("company", "Alpha"), unit("company", "Echo", {}, [unit("platoon", "7th Platoon")]))];
const options = (label: string) =>
  within(screen.getByLabelText(label))
    .getAllByRole("option")
    .map((one) => one.textContent);

beforeEach(() => void enter(admin));

describe("the form of a cadet", () => {
  it("offers the units that the office has made, and the platoons of the company chosen", async () => {
    const saved = { id: 9, version: 1 } as Cadet;
    const server = fakeServer({
      "GET /api/v1/units": { body: { data: tree } },
      "POST /api/v1/cadets": { status: 201, body: saved },
    });
    const onSaved = vi.fn();
    const { user } = renderAt("/cadets", <CadetForm onClose={vi.fn()} onSaved={onSaved} />);
    await screen.findByRole("option", { name: "Echo" });
    await user.type(screen.getByLabelText("Student no."), "2026-1");
    await user.type(screen.getByLabelText("Last name"), "Cruz");
    await user.type(screen.getByLabelText("First name"), "Ana");
    await user.selectOptions(screen.getByLabelText("Company"), "Echo");
    expect(options("Platoon")).toEqual(["Choose", "7th Platoon"]);
    await user.selectOptions(screen.getByLabelText("Platoon"), "7th Platoon");
    await user.selectOptions(screen.getByLabelText("Status"), "Verified");
    await user.click(screen.getByRole("button", { name: "Add cadet" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalled());
    expect(server.sent("POST /api/v1/cadets")[0]?.body).toMatchObject({
      company: "Echo",
      platoon: "7th Platoon",
      status: "Verified",
    });
  });

  it("keeps the unit of a record that the tree no longer has", async () => {
    fakeServer({ "GET /api/v1/units": { body: { data: tree } } });
    const cadet = { id: 9, version: 1, last_name: "Cruz", first_name: "Ana", company: "Foxtrot", platoon: null } as Cadet;
    renderAt("/cadets/9", <CadetForm cadet={cadet} onClose={vi.fn()} onSaved={vi.fn()} />);
    await screen.findByRole("option", { name: "Echo" });
    expect(screen.getByLabelText("Company")).toHaveValue("Foxtrot");
    expect(options("Company")).toEqual(["Choose", "Foxtrot", "Alpha", "Echo"]);
  });

  it("says so when the units could not be read", async () => {
    fakeServer({ "GET /api/v1/units": refusal(403, "forbidden", "Not for you.") });
    renderAt("/cadets", <CadetForm onClose={vi.fn()} onSaved={vi.fn()} />);
    expect(await screen.findByRole("alert")).not.toBeEmptyDOMElement();
  });
});

describe("a cadet's own profile", () => {
  const cadet = { id: 9, last_name: "Cruz", first_name: "Ana", is_profile_completed: true } as Cadet;

  it("is unlocked only when it is locked", async () => {
    const server = fakeServer({ "POST /api/v1/cadets/9/unlock": { body: { ...cadet, is_profile_completed: false } } });
    const { user, rerender } = renderAt("/cadets/9", <ProfileLock cadet={cadet} />);
    await user.click(screen.getByRole("button", { name: "Unlock the profile" }));
    expect(await screen.findByText("Cruz, Ana may change the own profile again")).toBeInTheDocument();
    expect(server.sent("POST /api/v1/cadets/9/unlock")).toHaveLength(1);
    rerender(<></>);
    renderAt("/cadets/9", <ProfileLock cadet={{ ...cadet, is_profile_completed: false }} />);
    expect(screen.queryByRole("button", { name: "Unlock the profile" })).toBeNull();
  });
});
