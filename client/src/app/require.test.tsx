import { screen } from "@testing-library/react";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "@/lib/api-client";
import { endingReason, endSession } from "@/lib/session";
import { fakeServer, refusal } from "@/testing/fake-server";
import { cadet, enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { Require, RequireSignIn } from "./require";

const pages = (
  <Routes>
    <Route path="/sign-in" element={<p>the sign-in page</p>} />
    <Route element={<RequireSignIn />}>
      <Route element={<Require permission="roster.read" />}>
        <Route path="/cadets" element={<p>the roster</p>} />
      </Route>
    </Route>
  </Routes>
);

describe("the doors of the pages", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
  });

  it("[8.4] leave for the sign-in page when a request finds the session over, keeping where the person was", async () => {
    enter(staff);
    fakeServer({
      "GET /api/v1/cadets": refusal(401, "token_expired"),
      "POST /api/v1/auth/refresh": refusal(401, "refresh_invalid"),
    });
    const page = renderAt("/cadets?company=Alpha", pages);
    expect(screen.getByText("the roster")).toBeVisible();
    await api.get("/cadets").catch(() => undefined);
    expect(await screen.findByText("the sign-in page")).toBeVisible();
    expect(page.address()).toBe("/sign-in?next=%2Fcadets%3Fcompany%3DAlpha");
  });

  it("do not ask who signed out to come back to the page they left", async () => {
    enter(staff);
    const page = renderAt("/cadets", pages);
    endSession("signed-out");
    expect(await screen.findByText("the sign-in page")).toBeVisible();
    expect(page.address()).toBe("/sign-in");
  });

  it("lead who has a given password to the page where they choose their own, and back", () => {
    enter({ ...staff, must_change_password: true, due: "password" });
    const page = renderAt("/cadets?company=Alpha", pages);
    expect(page.address()).toBe("/choose-password?next=%2Fcadets%3Fcompany%3DAlpha");
  });

  it("say why the server ended a session, where it said so", async () => {
    enter(staff);
    fakeServer({
      "GET /api/v1/cadets": refusal(401, "session_revoked"),
      "POST /api/v1/auth/refresh": refusal(401, "refresh_revoked", "More than 10 devices.", { reason: "too_many" }),
    });
    renderAt("/cadets", pages);
    await api.get("/cadets").catch(() => undefined);
    expect(endingReason()).toBe("More than 10 devices.");
  });

  it("[8.5] tell a cadet that a page of the office is not theirs, with a way home", () => {
    enter(cadet);
    renderAt("/cadets", pages);
    expect(screen.queryByText("the roster")).toBeNull();
    expect(screen.getByRole("heading", { name: "This page is not for your account" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Go to the home page" })).toHaveAttribute("href", "/");
  });
});
