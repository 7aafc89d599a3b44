import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { PasswordPrompt } from "@/components/layouts/PasswordPrompt";
import { readSession } from "@/lib/session";
import { fakeServer, refusal } from "@/testing/fake-server";
import { cadet, enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { EmailLinkView } from "./components/EmailLinkView";
import { OwnEmail } from "./components/OwnEmail";
import { WaitingAddresses } from "./components/WaitingAddresses";

const AT = "2026-11-20T04:00:00Z";

describe("an address that the office wrote", () => {
  it("is accepted by its owner once the password was given, and nothing is lost on the way", async () => {
    enter(cadet);
    let proved = false;
    const server = fakeServer({
      "GET /api/v1/auth/email": () => ({
        body: { email: "old@x.ph", waiting: proved ? null : { id: 4, new_email: "new@x.ph", proposed_at: AT } },
      }),
      "POST /api/v1/auth/email-changes/4/accept": () =>
        proved ? { status: 204 } : refusal(403, "password_needed", "Type your password again to do this."),
      "POST /api/v1/auth/proof": ({ body }) => {
        if ((body as { password: string }).password !== "my own words")
          return refusal(422, "wrong_password", "", { password: ["This is not your current password."] });
        proved = true;
        return { body: { token: "token-2", expires_in: 900 } };
      },
    });
    const { user } = renderAt(
      "/account",
      <>
        <OwnEmail />
        <PasswordPrompt />
      </>,
    );
    expect(await screen.findByText("The office wrote new@x.ph. Is it yours?")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Yes, it is mine" }));
    await user.type(await screen.findByLabelText("Password"), "a guess{Enter}");
    expect(await screen.findByText("This is not your current password.")).toBeVisible();
    await user.clear(screen.getByLabelText("Password"));
    await user.type(screen.getByLabelText("Password"), "my own words{Enter}");
    expect(await screen.findByText("Reset links go to the new address from now on")).toBeVisible();
    expect(server.sent("POST /api/v1/auth/email-changes/4/accept")).toHaveLength(2);
    expect(readSession()?.token).toBe("token-2");
  });

  it("is confirmed by a second officer, never by the one who wrote it", async () => {
    enter(staff);
    const one = { user_id: 9, role: "cadet", old_email: "old@x.ph", proposed_at: AT };
    const rows = [
      {
        ...one,
        id: 1,
        username: "a",
        display_name: "Ana Cruz",
        new_email: "a@x.ph",
        proposed_by: staff.id,
        proposed_by_name: "J",
      },
      { ...one, id: 2, username: "b", display_name: "Ben Diaz", new_email: "b@x.ph", proposed_by: 77, proposed_by_name: "Maria" },
    ];
    const server = fakeServer({
      "GET /api/v1/auth/email-changes": { body: { data: rows, page: 1, limit: 50, total: 2, next_cursor: null } },
      "POST /api/v1/auth/email-changes/2/accept": { status: 204 },
    });
    const { user } = renderAt("/addresses", <WaitingAddresses />);
    expect(await screen.findByText("Yours: another officer confirms")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Confirm" }));
    await vi.waitFor(() => expect(server.sent("POST /api/v1/auth/email-changes/2/accept")).toHaveLength(1));
  });

  it("is taken back by the link to the old address", async () => {
    const link = { old_email: "old@x.ph", new_email: "new@x.ph" };
    const server = fakeServer({
      "POST /api/v1/auth/email-links/look": { body: { ...link, state: "applied" } },
      "POST /api/v1/auth/email-links/undo": { body: { ...link, state: "undone" } },
    });
    const { user } = renderAt("/email-change", <EmailLinkView token="mailed" />);
    await user.click(await screen.findByRole("button", { name: "Take it back and sign everyone out" }));
    expect(await screen.findByText(/^It is taken back\./)).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
    expect(server.asked.map((one) => one.body)).toEqual([{ token: "mailed" }, { token: "mailed" }]);
  });

  it("says that a link is too old", async () => {
    fakeServer({ "POST /api/v1/auth/email-links/look": refusal(422, "email_link_invalid", "This link is too old.") });
    renderAt("/email-change", <EmailLinkView token="old" />);
    expect(await screen.findByText(/This link is too old/)).toBeVisible();
  });
});
