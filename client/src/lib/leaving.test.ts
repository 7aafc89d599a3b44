import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { finishLeaving, leaveLater } from "./leaving";

const LOGOUT = "POST /api/v1/auth/logout";

describe("a sign-out without a signal", () => {
  beforeEach(() => leaveLater("device-0123456789abcdef"));

  it("reaches the server with the next signal, once", async () => {
    fakeServer({});
    await finishLeaving();
    const server = fakeServer({ [LOGOUT]: { status: 204 } });
    await finishLeaving();
    await finishLeaving();
    expect(server.sent(LOGOUT).map((one) => one.headers.get("X-Session-Handle"))).toEqual(["device-0123456789abcdef"]);
    expect(localStorage.length).toBe(0);
  });

  it("keeps those that are still to be told", async () => {
    leaveLater("tab-0123456789abcdef");
    let signal = true;
    const server = fakeServer({
      [LOGOUT]: () => {
        if (!signal) throw new TypeError("Failed to fetch");
        signal = false;
        return { status: 204 };
      },
    });
    await finishLeaving();
    signal = true;
    await finishLeaving();
    expect(server.sent(LOGOUT).map((one) => one.headers.get("X-Session-Handle"))).toEqual([
      "device-0123456789abcdef",
      "tab-0123456789abcdef",
      "tab-0123456789abcdef",
    ]);
  });
});
