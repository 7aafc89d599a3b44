import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readSession } from "@/lib/session";
import { fakeServer, refusal } from "@/testing/fake-server";
import { enter, signedInAs, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { SecondFactor } from "./components/SecondFactor";

const AT = "2026-08-22T04:00:00Z";
const none = {
  enforced: "staff",
  required: true,
  due_at: null,
  authenticator_since: null as string | null,
  passkeys: [] as object[],
  recovery_codes_left: 0,
  recovery_codes_made_at: null,
  passkey_domain: "localhost",
};
const CODES = ["7Q2K-M9TX", "R4HN-2WBD"];

beforeEach(() => void enter({ ...staff, due: "second_factor" }));

describe("the second step of an account", () => {
  it("is an app once it has shown a code, with recovery codes to keep before the page goes on", async () => {
    let standing = none;
    const server = fakeServer({
      "GET /api/v1/auth/second-factor": () => ({ body: standing }),
      "POST /api/v1/auth/second-factor/authenticator": {
        status: 201,
        body: { secret: "K5QW2Z3MNB4X", uri: "otpauth://x", qr_code: "data:image/svg+xml;base64,AA" },
      },
      "POST /api/v1/auth/second-factor/authenticator/confirm": ({ body }) => {
        if ((body as { code: string }).code !== "418205")
          return refusal(422, "wrong_code", "", { code: ["That is not the code the app shows now."] });
        standing = { ...none, authenticator_since: AT, recovery_codes_left: 10 };
        return { body: { recovery_codes: CODES } };
      },
      "POST /api/v1/auth/refresh": { body: signedInAs(staff, "token-2") },
    });
    const { user } = renderAt("/account", <SecondFactor />);
    await user.click(await screen.findByRole("button", { name: "Set up" }));
    expect(await screen.findByText("K5QW 2Z3M NB4X")).toBeVisible();
    await user.type(screen.getByLabelText("The 6 digits that it shows"), "000000{Enter}");
    expect(await screen.findByText("That is not the code the app shows now.")).toBeVisible();
    await user.clear(screen.getByLabelText("The 6 digits that it shows"));
    await user.type(screen.getByLabelText("The 6 digits that it shows"), "418205{Enter}");
    expect(await screen.findByText("7Q2K-M9TX")).toBeVisible();
    expect(server.sent("POST /api/v1/auth/refresh")).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "I have kept them" }));
    await vi.waitFor(() => expect(readSession()?.user.due).toBeNull());
    expect(screen.queryByText("7Q2K-M9TX")).toBeNull();
    expect(await screen.findByText(/^On since Aug 22/)).toBeVisible();
  });

  it("says why the last one stays", async () => {
    fakeServer({
      "GET /api/v1/auth/second-factor": { body: { ...none, authenticator_since: AT, recovery_codes_left: 8 } },
      "DELETE /api/v1/auth/second-factor/authenticator": refusal(409, "last_second_factor", "Add another one first."),
    });
    const { user } = renderAt("/account", <SecondFactor />);
    await user.click(await screen.findByRole("button", { name: "Remove Authenticator app" }));
    await user.click(screen.getByRole("button", { name: "Remove" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Add another one first.");
  });

  it("names the pages on which passkeys work", async () => {
    fakeServer({ "GET /api/v1/auth/second-factor": { body: { ...none, passkey_domain: "rotc.example.edu" } } });
    renderAt("/account", <SecondFactor />);
    expect(await screen.findByText(/Passkeys work on pages of rotc.example.edu/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Add this device" })).toBeNull();
  });
});
