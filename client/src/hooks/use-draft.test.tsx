import { act, screen } from "@testing-library/react";
import { useSyncExternalStore } from "react";
import { describe, expect, it } from "vitest";
import { TextField } from "@/components/ui";
import { endSession, readSession, subscribeSession } from "@/lib/session";
import { admin, enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { useForm } from "./use-form";

function Form() {
  const form = useForm({ initial: { reason: "", password: "" }, submit: async () => undefined });
  return (
    <form {...form.formProps}>
      <TextField label="Reason" {...form.text("reason")} />
      <TextField label="Password" {...form.text("password")} />
    </form>
  );
}
// The sign-in guard: nobody, no page.
function Guarded() {
  const session = useSyncExternalStore(subscribeSession, readSession);
  return session ? <Form /> : <p>sign in</p>;
}

describe("what was typed in a form", () => {
  it("is back when the session ended under it and the same person signs in again, but for the password", async () => {
    enter(staff);
    const { user } = renderAt("/merits", <Guarded />);
    await user.type(screen.getByLabelText("Reason"), "Carried the colors");
    await user.type(screen.getByLabelText("Password"), "secret");
    act(() => endSession("expired"));
    expect(screen.getByText("sign in")).toBeVisible();
    act(() => enter(admin));
    expect(screen.getByLabelText("Reason")).toHaveValue("");
    act(() => endSession("signed-out"));
    act(() => enter(staff));
    expect(screen.getByLabelText("Reason")).toHaveValue("Carried the colors");
    expect(screen.getByLabelText("Password")).toHaveValue("");
    expect(screen.getByText("What you typed before your session ended is back.")).toBeVisible();
  });

  it("is gone when its owner signed out", async () => {
    enter(staff);
    const { user } = renderAt("/merits", <Guarded />);
    await user.type(screen.getByLabelText("Reason"), "Carried the colors");
    act(() => endSession("signed-out"));
    act(() => enter(staff));
    expect(screen.getByLabelText("Reason")).toHaveValue("");
  });
});
