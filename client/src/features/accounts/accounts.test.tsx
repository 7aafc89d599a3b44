import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { battalion, unit } from "@/testing/units";
import { CodesDialog } from "./components/CodesDialog";

const code = {
  user_id: 3,
  name: "Cruz, Ana",
  company: "Echo",
  username: "2026-1",
  code: "ABCD-EFGH",
  expires_at: "2026-12-24T00:00:00Z",
};

beforeEach(() => void enter(admin));

describe("activation codes for a company", () => {
  it("are made for a company of the unit tree, and shown on cards", async () => {
    const server = fakeServer({
      "GET /api/v1/units": { body: { data: [battalion(unit("company", "Alpha"), unit("company", "Echo"))] } },
      "POST /api/v1/auth/activation-codes": { body: { codes: [code], skipped: [] } },
    });
    const { user } = renderAt("/accounts", <CodesDialog account={null} onClose={vi.fn()} />);
    expect(screen.getByRole("button", { name: "Make the codes" })).toHaveAttribute("aria-disabled", "true");
    await screen.findByRole("option", { name: "Echo" });
    expect(screen.getByLabelText("Company")).toHaveValue("Alpha");
    await user.selectOptions(screen.getByLabelText("Company"), "Echo");
    await user.click(screen.getByRole("button", { name: "Make the codes" }));
    const card = within(await screen.findByRole("listitem"));
    expect(card.getByText("ABCD-EFGH")).toBeInTheDocument();
    expect(server.sent("POST /api/v1/auth/activation-codes")[0]?.body).toEqual({ company: "Echo", renew: true });
  });

  it("are not asked for while the companies are unknown", async () => {
    fakeServer({ "GET /api/v1/units": refusal(503, "unavailable") });
    renderAt("/accounts", <CodesDialog account={null} onClose={vi.fn()} />);
    expect(await screen.findByRole("alert")).not.toBeEmptyDOMElement();
    expect(screen.getByRole("button", { name: "Make the codes" })).toHaveAttribute("aria-disabled", "true");
  });
});
