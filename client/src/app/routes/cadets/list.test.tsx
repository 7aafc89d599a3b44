import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { Component as CadetsPage } from "./list";

it("says of an empty archive that it is the archive, and not that the roster is empty", async () => {
  enter(admin);
  fakeServer({
    "GET /api/v1/units": { body: { data: [] } },
    "GET /api/v1/cadets": { body: { data: [], page: 1, limit: 50, total: 0, next_cursor: null } },
  });
  const { user } = renderAt("/cadets?archived=true", <CadetsPage />);
  expect(await screen.findByText("The archive is empty")).toBeInTheDocument();
  expect(screen.queryByText("No cadet on the roster yet")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show the roster" }));
  expect(await screen.findByText("No cadet on the roster yet")).toBeInTheDocument();
});
