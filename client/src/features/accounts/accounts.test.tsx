import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import type { Account, ActivationCode, CardCadet } from "./api/accounts";
import { CARDS_ON_A_PAGE, pagesOf } from "./cards";
import { AccountActions } from "./components/AccountActions";

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

describe("pages of activation cards", () => {
  it("hold eight cards each, in the roster's order, a platoon on pages of its own", () => {
    const first = Array.from({ length: CARDS_ON_A_PAGE + 1 }, (_, place) => cadet(50 - place, `A${place}`, "1st Platoon"));
    const cadets = [...first, cadet(1, "Aaron", "2nd Platoon")];
    const codes = [...cadets].sort((a, b) => a.id - b.id).map((one) => codeOf(one.id));
    const pages = pagesOf({ codes, skipped: [] }, cadets);
    expect(pages.map((page) => [page.unit, page.cards.length])).toEqual([
      ["Echo, 1st Platoon", 8],
      ["Echo, 1st Platoon", 1],
      ["Echo, 2nd Platoon", 1],
    ]);
    expect(pages.flatMap((page) => page.cards.map((card) => card.cadet_id))).toEqual(cadets.map((one) => one.id));
    expect(pages[0]?.cards[0]).toMatchObject({ name: "A0, Ana C.", number: 1 });
  });

  it("keep a code whose person the roster does not name, last", () => {
    const pages = pagesOf({ codes: [{ ...codeOf(9), cadet_id: null, company: null }, codeOf(1)], skipped: [] }, [
      cadet(1, "Abad", "1st Platoon"),
    ]);
    expect(pages.flatMap((page) => page.cards.map((card) => card.name))).toEqual(["Abad, Ana C.", "Ana 9"]);
  });
});

describe("an account", () => {
  const account = { id: 5, display_name: "Ana Cruz", state: "active", is_held_up: false } as Account;

  it("offers to be unlocked only while wrong tries hold it up", async () => {
    enter(admin);
    const server = fakeServer({ "POST /api/v1/auth/users/5/unlock": { status: 204 } });
    const { user, unmount } = renderAt("/accounts", <AccountActions account={{ ...account, is_held_up: true }} />);
    await user.click(screen.getByRole("button", { name: "Unlock" }));
    expect(await screen.findByText("Ana Cruz may try again")).toBeInTheDocument();
    expect(server.asked).toHaveLength(1);
    unmount();
    renderAt("/accounts", <AccountActions account={account} />);
    expect(screen.queryByRole("button", { name: "Unlock" })).toBeNull();
  });

  it("has its second step taken away only after a question, and never one's own", async () => {
    enter(admin);
    const server = fakeServer({ "POST /api/v1/auth/users/5/second-factor/reset": { status: 204 } });
    const { user, unmount } = renderAt("/accounts", <AccountActions account={{ ...account, has_second_factor: true }} />);
    await user.click(screen.getByRole("button", { name: "Reset second step" }));
    expect(server.asked).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Take it" }));
    expect(await screen.findByText(/^The second step of Ana Cruz is gone/)).toBeInTheDocument();
    unmount();
    renderAt("/accounts", <AccountActions account={{ ...account, id: admin.id, has_second_factor: true }} />);
    expect(screen.queryByRole("button", { name: "Reset second step" })).toBeNull();
  });
});
