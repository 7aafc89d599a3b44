import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { SecondStep } from "@/lib/second-step";
import { readSession } from "@/lib/session";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, cadet, signedInAs } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { ActivateForm } from "./components/ActivateForm";
import { SecondStepForm } from "./components/SecondStepForm";
import { SignInForm } from "./components/SignInForm";

const LOGIN = "POST /api/v1/auth/login";

async function fill(user: ReturnType<typeof renderAt>["user"], password = "correct horse") {
  await user.type(screen.getByLabelText("Username"), "admin");
  await user.type(screen.getByLabelText("Password"), password);
}

describe("signing in", () => {
  it("keeps on this device who it is, and no token", async () => {
    const server = fakeServer({ [LOGIN]: { body: signedInAs(admin) } });
    const done = vi.fn();
    const { user } = renderAt("/sign-in", <SignInForm onDone={done} onSecondStep={() => undefined} />);
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(done).toHaveBeenCalled();
    expect(readSession()?.user.username).toBe("admin");
    expect(localStorage.length).toBe(1);
    expect(JSON.stringify({ ...localStorage })).not.toContain("token-1");
    expect(server.asked[0]?.headers.get("X-Session-Handle")).toBe(readSession()?.handle);
  });

  it("keeps nothing on a shared device", async () => {
    fakeServer({ [LOGIN]: { body: signedInAs(admin) } });
    const { user } = renderAt("/sign-in", <SignInForm onDone={() => undefined} onSecondStep={() => undefined} />);
    await fill(user);
    await user.click(screen.getByLabelText("This device is shared"));
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(readSession()?.user.username).toBe("admin");
    expect(localStorage.length).toBe(0);
  });

  it("says in words that the password is wrong, and clears nothing", async () => {
    fakeServer({ [LOGIN]: refusal(401, "invalid_credentials") });
    const { user } = renderAt("/sign-in", <SignInForm onDone={() => undefined} onSecondStep={() => undefined} />);
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("do not match");
    expect(screen.getByLabelText("Username")).toHaveValue("admin");
    expect(screen.getByLabelText("Password")).toHaveValue("correct horse");
  });

  it("[9.6] says how long to wait after too many tries", async () => {
    fakeServer({ [LOGIN]: { ...refusal(429, "sign_in_limited"), headers: { "Retry-After": "840" } } });
    const { user } = renderAt("/sign-in", <SignInForm onDone={() => undefined} onSecondStep={() => undefined} />);
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Wait 14 minutes");
  });

  it("[8.7] says that the server could not be reached", async () => {
    fakeServer({});
    const { user } = renderAt("/sign-in", <SignInForm onDone={() => undefined} onSecondStep={() => undefined} />);
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("could not be reached");
  });

  it("focuses the first field that is empty", async () => {
    const server = fakeServer({});
    const { user } = renderAt("/sign-in", <SignInForm onDone={() => undefined} onSecondStep={() => undefined} />);
    await user.type(screen.getByLabelText("Username"), "admin{Enter}");
    expect(await screen.findByText("Type your password.")).toBeVisible();
    await vi.waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
    expect(server.asked).toHaveLength(0);
  });
});

describe("the second step", () => {
  const step: SecondStep = {
    ticket: "a ticket",
    expires_in: 300,
    methods: ["totp", "recovery_code"],
    recovery_codes_left: 8,
    passkey: null,
    name: "Maria Peralta",
  };
  const SECOND = "POST /api/v1/auth/login/second";

  it("is asked for when the password is right", async () => {
    fakeServer({ [LOGIN]: { status: 202, body: step } });
    const asked = vi.fn();
    const { user } = renderAt("/sign-in", <SignInForm onDone={() => undefined} onSecondStep={asked} />);
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith(expect.objectContaining({ step })));
    expect(readSession()).toBeNull();
  });

  it("goes by itself at the sixth digit, and counts what is left when it is wrong", async () => {
    const server = fakeServer({
      [SECOND]: ({ body }) =>
        (body as { code: string }).code === "418205"
          ? { body: signedInAs(admin) }
          : refusal(422, "second_step_wrong", "That code has passed.", { code: ["x"], tries_left: ["3"] }),
    });
    const done = vi.fn();
    const form = <SecondStepForm step={step} handle="device-0123456789abcdef" onDone={done} onOver={() => undefined} />;
    const { user } = renderAt("/sign-in", form);
    await user.type(screen.getByLabelText("Code from your app"), "111111");
    expect(await screen.findByText("That code has passed. 3 tries left.")).toBeVisible();
    await user.type(screen.getByLabelText("Code from your app"), "418 205");
    await vi.waitFor(() => expect(done).toHaveBeenCalled());
    expect(server.asked.at(-1)?.body).toEqual({ ticket: "a ticket", code: "418205" });
    expect(readSession()).toMatchObject({ handle: "device-0123456789abcdef", user: { username: "admin" } });
  });

  it("takes a recovery code, and leads back to the start when it is over", async () => {
    const server = fakeServer({ [SECOND]: refusal(401, "second_step_over", "This took too long. Sign in again.") });
    const over = vi.fn();
    const form = <SecondStepForm step={step} handle="device-0123456789abcdef" onDone={() => undefined} onOver={over} />;
    const { user } = renderAt("/sign-in", form);
    await user.click(screen.getByRole("button", { name: "Recovery code" }));
    await user.type(screen.getByLabelText("Recovery code"), "7Q2K-M9TX{Enter}");
    await vi.waitFor(() => expect(over).toHaveBeenCalledWith("This took too long. Sign in again."));
    expect(server.asked[0]?.body).toEqual({ ticket: "a ticket", recovery_code: "7Q2K-M9TX" });
  });
});

describe("the first time", () => {
  it("takes the code and one's own password", async () => {
    const server = fakeServer({ "POST /api/v1/auth/activate": { body: signedInAs(cadet) } });
    const { user } = renderAt("/activate", <ActivateForm code="" onDone={() => undefined} onSecondStep={() => undefined} />);
    await user.type(screen.getByLabelText("Code from the office"), "ABCD-1234");
    await user.type(screen.getByLabelText("New password"), "seven green chairs");
    await user.type(screen.getByLabelText("New password again"), "seven green chairs{Enter}");
    await vi.waitFor(() => expect(readSession()?.user.role).toBe("cadet"));
    expect(server.asked[0]?.body).toEqual({ code: "ABCD-1234", password: "seven green chairs" });
  });

  it("shows the server's words beside the field they are about", async () => {
    fakeServer({ "POST /api/v1/auth/activate": refusal(422, "invalid_fields", "", { code: ["This code was used."] }) });
    const { user } = renderAt("/activate", <ActivateForm code="OLD" onDone={() => undefined} onSecondStep={() => undefined} />);
    await user.type(screen.getByLabelText("New password"), "seven green chairs");
    await user.type(screen.getByLabelText("New password again"), "seven green chairs{Enter}");
    expect(await screen.findByText("This code was used.")).toBeVisible();
    expect(screen.getByLabelText("Code from the office")).toHaveAccessibleDescription("This code was used.");
  });

  it("catches two different passwords before anything is sent", async () => {
    const server = fakeServer({});
    const { user } = renderAt("/activate", <ActivateForm code="A" onDone={() => undefined} onSecondStep={() => undefined} />);
    await user.type(screen.getByLabelText("New password"), "seven green chairs");
    await user.type(screen.getByLabelText("New password again"), "seven green chair{Enter}");
    expect(await screen.findByText("The two passwords are not the same.")).toBeVisible();
    expect(server.asked).toHaveLength(0);
  });
});
