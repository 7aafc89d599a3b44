import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { battalion, unit } from "@/testing/units";
import { Component as CardsPage } from "./cards";
import type { ActivationCode, CardCadet } from "@/features/accounts/api/accounts";

const ISSUE = "POST /api/v1/auth/activation-codes";
const cadet = (id: number, last_name: string, platoon: string): CardCadet => ({
  id,
  student_id: `2026-${id}`,
  last_name,
  first_name: "Ana",
  middle_name: "Cruz",
  suffix_name: null,
  company: "Echo",
  platoon,
});
const codeOf = (cadet_id: number): ActivationCode => ({
  user_id: 100 + cadet_id,
  cadet_id,
  staff_id: null,
  name: `Ana ${cadet_id}`,
  company: "Echo",
  username: `2026-${cadet_id}`,
  code: `ABCDE-0000${cadet_id}`,
  link: `https://rgms.example/activate#code=ABCDE-0000${cadet_id}`,
  qr: { size: 33, path: "M0 0.5h7" },
  expires_at: "2026-12-24T00:00:00Z",
});

beforeEach(() => void enter(admin));

describe("activation cards of a company", () => {
  const server = (issue: Parameters<typeof fakeServer>[0][string]) =>
    fakeServer({
      "GET /api/v1/units": { body: { data: [battalion(unit("company", "Alpha"), unit("company", "Echo"))] } },
      "GET /api/v1/cadets": { body: { data: [cadet(3, "Abad", "1st Platoon"), cadet(4, "Cruz", "")], next_cursor: null } },
      [ISSUE]: issue,
    });

  it("are made for the cadets that the roster has in it, and hidden when others are asked for", async () => {
    const asked = server({ body: { codes: [codeOf(4), codeOf(3)], skipped: [{ code: "already_active" }] } });
    const { user } = renderAt("/accounts/cards", <CardsPage />);
    await screen.findByRole("option", { name: "Echo" });
    expect(screen.getByText("Choose a company")).toBeInTheDocument();
    await user.selectOptions(screen.getByLabelText("Company"), "Echo");
    await user.click(await screen.findByRole("button", { name: "Make the cards" }));
    const [first] = within(await screen.findByRole("region", { name: "Page 1 of 2" })).getAllByRole("listitem");
    expect(within(first!).getByText("ABCDE-00003")).toBeInTheDocument();
    expect(within(first!).getByRole("img", { name: "QR code of Abad, Ana C." })).toBeInTheDocument();
    expect(screen.getByText("1 account has a password already and no card.")).toBeInTheDocument();
    expect(asked.sent(ISSUE)[0]?.body).toEqual({ cadet_ids: [3, 4], live: "ask" });
    const print = vi.fn();
    vi.stubGlobal("print", print);
    await user.click(screen.getByRole("button", { name: "Print 2 pages" }));
    expect(print).toHaveBeenCalledOnce();
    await user.click(screen.getByRole("button", { name: "Make others" }));
    expect(screen.queryByText("ABCDE-00003")).toBeNull();
  });

  it("replace none that work before somebody says so", async () => {
    const asked = server(({ body }) =>
      (body as { live: string }).live === "ask"
        ? refusal(409, "live_codes", "", { live: 2 })
        : { body: { codes: [codeOf(3)], skipped: [{ code: "live_code" }] } },
    );
    const { user } = renderAt("/accounts/cards?company=Echo", <CardsPage />);
    await user.click(await screen.findByRole("button", { name: "Make the cards" }));
    const question = within(await screen.findByRole("dialog", { name: "2 cards handed out before still work" }));
    await user.click(question.getByRole("button", { name: "Cancel" }));
    expect(asked.sent(ISSUE)).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Make the cards" }));
    expect(await screen.findByRole("button", { name: "Replace all 2" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Only for those without a card" }));
    expect(await screen.findByText("ABCDE-00003")).toBeInTheDocument();
    expect(asked.sent(ISSUE).map((one) => (one.body as { live: string }).live)).toEqual(["ask", "ask", "keep"]);
    expect(screen.getByText("1 card of an earlier time still works.")).toBeInTheDocument();
  });

  it("are not asked for while the cadets are unknown", async () => {
    const asked = server({ body: {} });
    asked.on("GET /api/v1/cadets", refusal(503, "unavailable"));
    renderAt("/accounts/cards?company=Echo", <CardsPage />);
    expect(await screen.findByRole("alert")).toHaveTextContent("The cadets of the unit could not be loaded");
    expect(screen.queryByRole("button", { name: "Make the cards" })).toBeNull();
  });
});
