import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { fakeServer } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { changesOf } from "@/features/audit/api/audit";
import { Component as AuditPage } from "./audit";

const ENTRY = {
  id: 7,
  at: "2026-11-20T01:00:00Z",
  actor_id: 4,
  actor: "ana.reyes",
  action: "changed",
  object: "cadet",
  object_id: "12",
  before: { last_name: "<b>Cruz</b>", platoon: "1st" },
  after: { last_name: "Lim" },
  request_id: "r",
  address: "127.0.0.1",
};
const page = (data: unknown[]) => ({ body: { data, page: 1, limit: 50, total: data.length, next_cursor: null } });

beforeEach(() => void enter(admin));

describe("the history", () => {
  it("shows who did what, with both values of each field, and text as text", async () => {
    fakeServer({ "GET /api/v1/audit/roster": page([ENTRY]) });
    renderAt("/audit", <AuditPage />);
    const row = (await screen.findByText("<b>Cruz</b>")).closest("tr, li") as HTMLElement;
    expect(within(row).getByText("ana.reyes")).toBeInTheDocument();
    expect(within(row).getByText("Changed")).toBeInTheDocument();
    expect(within(row).getByText("Lim")).toBeInTheDocument();
    expect(within(row).getByText("empty")).toBeInTheDocument();
  });

  it("narrows to one person's doings and back", async () => {
    const server = fakeServer({ "GET /api/v1/audit/roster": page([ENTRY]) });
    const { user } = renderAt("/audit", <AuditPage />);
    await user.click(await screen.findByRole("button", { name: "ana.reyes" }));
    expect(await screen.findByText(/Only what ana.reyes did/)).toBeInTheDocument();
    expect(server.asked.at(-1)?.params.get("actor_id")).toBe("4");
    await user.click(screen.getByRole("button", { name: "Show all" }));
    expect(screen.queryByText(/Only what/)).not.toBeInTheDocument();
  });

  it("says what will stand there while nothing does", async () => {
    fakeServer({ "GET /api/v1/audit/grading": page([]) });
    renderAt("/audit?area=grading", <AuditPage />);
    expect(await screen.findByText("Nothing here yet")).toBeInTheDocument();
  });
});

describe("what an entry changed", () => {
  it("names each field once, in order, with null for no value", () => {
    expect(changesOf({ before: { b: 1, a: null }, after: { b: 2, c: ["x"] } })).toEqual([
      { field: "a", before: null, after: null },
      { field: "b", before: "1", after: "2" },
      { field: "c", before: null, after: '["x"]' },
    ]);
  });
});
