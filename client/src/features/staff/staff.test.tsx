import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { POSITIONS } from "@/types/domain";
import type { Staff } from "./api/staff";
import { StaffForm } from "./components/StaffForm";

beforeEach(() => void enter(admin));

describe("the form of a member of staff", () => {
  it("offers the positions that the server knows, and begins with an instructor", async () => {
    const server = fakeServer({ "POST /api/v1/staff": { status: 201, body: { id: 1 } } });
    const onSaved = vi.fn();
    const { user } = renderAt("/staff", <StaffForm onClose={vi.fn()} onSaved={onSaved} />);
    const position = screen.getByLabelText("Position");
    expect(position).toHaveValue("Instructor");
    expect(
      within(position)
        .getAllByRole("option")
        .map((one) => one.textContent),
    ).toEqual(POSITIONS);
    await user.type(screen.getByLabelText("First name"), "Jose");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByText("This is needed.")).toBeInTheDocument();
    expect(server.asked).toHaveLength(0);
    await user.type(screen.getByLabelText("Last name"), "Labadan");
    await user.selectOptions(position, "Commandant");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalled());
    expect(server.asked[0]?.body).toMatchObject({ last_name: "Labadan", position: "Commandant", rank: null });
  });

  it("keeps a position that is no longer on the list", () => {
    const member = { id: 1, version: 2, first_name: "Jose", last_name: "Labadan", position: "Drill Master" } as Staff;
    renderAt("/staff", <StaffForm member={member} onClose={vi.fn()} onSaved={vi.fn()} />);
    expect(screen.getByLabelText("Position")).toHaveValue("Drill Master");
  });
});
