import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readSession } from "@/lib/session";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, enter, signedInAs } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { Appearance } from "./components/Appearance";
import { ChangePassword } from "./components/ChangePassword";
import { Sessions } from "./components/Sessions";
import { deviceName } from "@/lib/device";

const at = "2026-11-20T04:00:00Z";
const session = (id: string, user_agent: string, current = false) => ({
  id,
  user_agent,
  current,
  address: "10.0.0.8",
  created_at: at,
  last_used_at: at,
  expires_at: at,
});
const PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36";
const LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";

beforeEach(() => void enter(admin));

describe("where one is signed in", () => {
  it("ends another device, and offers not to end this one", async () => {
    const both = [session("a", LAPTOP, true), session("b", PHONE)];
    const server = fakeServer({
      "GET /api/v1/auth/sessions": () => ({ body: { data: both, page: 1, limit: 100, total: both.length, next_cursor: null } }),
      "DELETE /api/v1/auth/sessions/b": () => {
        both.pop();
        return { status: 204 };
      },
    });
    const { user } = renderAt("/account", <Sessions />);
    const mine = (await screen.findByText("Edge on Windows")).closest("li")!;
    expect(within(mine).queryByRole("button")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Sign out Chrome on Android" }));
    expect(await screen.findByText("Chrome on Android is signed out")).toBeVisible();
    await vi.waitFor(() => expect(screen.queryByRole("button", { name: "Sign out Chrome on Android" })).toBeNull());
    expect(server.sent("DELETE /api/v1/auth/sessions/b")).toHaveLength(1);
  });

  it("ends every other device at once", async () => {
    const all = [session("a", LAPTOP, true), session("b", PHONE), session("c", PHONE)];
    const server = fakeServer({
      "GET /api/v1/auth/sessions": () => ({ body: { data: all, page: 1, limit: 100, total: all.length, next_cursor: null } }),
      "POST /api/v1/auth/sessions/end-others": () => ({ body: { ended: all.splice(1).length } }),
    });
    const { user } = renderAt("/account", <Sessions />);
    await user.click(await screen.findByRole("button", { name: "Sign out 2 others" }));
    expect(await screen.findByText("2 other devices are signed out")).toBeVisible();
    await vi.waitFor(() => expect(screen.queryByText("Chrome on Android")).toBeNull());
    expect(server.sent("POST /api/v1/auth/sessions/end-others")).toHaveLength(1);
  });

  it.each([
    [PHONE, "Chrome on Android"],
    [LAPTOP, "Edge on Windows"],
    ["curl/8", "Unknown device"],
  ])("names %s", (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });
});

describe("changing the password", () => {
  async function fill(user: ReturnType<typeof renderAt>["user"], current = "Current password") {
    await user.type(screen.getByLabelText(current), "the old one");
    await user.type(screen.getByLabelText("New password"), "seven green chairs");
    await user.type(screen.getByLabelText("New password again"), "seven green chairs{Enter}");
  }

  it("shows the server's words beside the field, and keeps what was typed", async () => {
    fakeServer({
      "POST /api/v1/auth/password": refusal(422, "wrong_password", "", {
        current_password: ["This is not your current password."],
      }),
    });
    const { user } = renderAt("/account", <ChangePassword />);
    await fill(user);
    expect(await screen.findByText("This is not your current password.")).toBeVisible();
    expect(screen.getByLabelText("Current password")).toHaveFocus();
    expect(screen.getByLabelText("New password")).toHaveValue("seven green chairs");
  });

  it("lets on who had to choose one first", async () => {
    enter({ ...admin, must_change_password: true, due: "password" });
    fakeServer({
      "POST /api/v1/auth/password": { status: 204 },
      "POST /api/v1/auth/refresh": { body: signedInAs(admin, "token-2") },
      "GET /api/v1/auth/sessions": { body: { data: [], page: 1, limit: 100, total: 0, next_cursor: null } },
    });
    const { user } = renderAt("/choose-password", <ChangePassword first />);
    await fill(user, "The password you were given");
    expect(await screen.findByText("Your password is changed")).toBeVisible();
    expect(readSession()).toMatchObject({ token: "token-2", user: { due: null } });
    expect(screen.getByLabelText("The password you were given")).toHaveValue("");
  });
});

describe("the appearance", () => {
  it("is remembered by the device, and stays when somebody signs out", async () => {
    const { user } = renderAt("/account", <Appearance />);
    await user.click(screen.getByRole("radio", { name: "Field" }));
    expect(document.documentElement.dataset.theme).toBe("field");
    expect(localStorage.getItem("rgms.theme")).toBe("field");
    await user.click(screen.getByRole("radio", { name: "As the device" }));
    expect(document.documentElement.dataset.theme).toBe("light");
    expect(localStorage.getItem("rgms.theme")).toBeNull();
  });
});
