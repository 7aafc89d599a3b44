import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { Component as StaffPage } from "./list";

const member = { id: 4, rank: "SSg", first_name: "Liza", last_name: "Montefalco", position: "Instructor", is_archived: true };
const list = (data: unknown[]) => ({ body: { data, page: 1, limit: 50, total: data.length, next_cursor: null } });

beforeEach(() => void enter(admin));

describe("the archive of the training staff", () => {
  it("gives back whom an archive took, also long after its undo is gone", async () => {
    const server = fakeServer({
      "GET /api/v1/staff": ({ params }) => list(params.get("archived") === "true" ? [member] : []),
      "POST /api/v1/staff/4/restore": { body: member },
    });
    const { user } = renderAt("/staff", <StaffPage />);
    await screen.findByText("No training staff yet");
    await user.click(screen.getByRole("radio", { name: "Archived" }));
    await user.click(await screen.findByRole("button", { name: "Restore" }));
    expect(await screen.findByText("SSg Liza Montefalco restored")).toBeInTheDocument();
    expect(server.sent("POST /api/v1/staff/4/restore")).toHaveLength(1);
  });

  it("says that it is the archive when it is empty", async () => {
    fakeServer({ "GET /api/v1/staff": list([]) });
    const { user } = renderAt("/staff?archived=true", <StaffPage />);
    expect(await screen.findByText("The archive is empty")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show the staff list" }));
    expect(await screen.findByText("No training staff yet")).toBeInTheDocument();
  });
});
