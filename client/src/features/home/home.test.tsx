import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { admin, enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { currentTerm, daysToCome, nearestDay, type HomeDay, type HomeTerm } from "./api/home";
import { OfficeHome } from "./components/OfficeHome";

const list = (data: unknown[], total = data.length) => ({ body: { data, page: 1, limit: 100, total, next_cursor: null } });
const term = (id: number, starts_on: string, ends_on: string) => ({ id, name: `Term ${id}`, starts_on, ends_on }) as HomeTerm;
const day = (id: number, date: string, is_cancelled = false) => ({ id, date, title: `Day ${id}`, is_cancelled }) as HomeDay;

describe("the term that is meant", () => {
  const terms = [term(1, "2026-01-05", "2026-05-30"), term(2, "2026-08-22", "2026-12-19"), term(3, "2027-01-04", "2027-05-30")];
  it.each([
    ["2026-03-01", 1],
    ["2026-07-01", 1],
    ["2026-11-21", 2],
    ["2025-01-01", 1],
    ["2028-01-01", 3],
  ])("on %s is %i", (today, id) => {
    expect(currentTerm(terms, today)?.id).toBe(id);
  });
  it("is none without terms", () => expect(currentTerm([], "2026-11-21")).toBeNull());
});

describe("the nearest training day", () => {
  const days = [day(3, "2026-11-28"), day(1, "2026-11-14"), day(2, "2026-11-21", true)];
  it.each([
    ["2026-11-14", 1],
    ["2026-11-20", 3],
    ["2026-12-31", 3],
  ])("on %s is %i", (today, id) => {
    expect(nearestDay(days, today)?.id).toBe(id);
  });
});

describe("the training days to come", () => {
  const days = [3, 1, 2, 4, 5, 6, 7].map((id) => day(id, `2026-11-0${id}`, id === 4));
  it("follow the nearest one, without the cancelled, four at most", () => {
    expect(daysToCome(days, days[1]!, "2026-11-01").map((one) => one.id)).toEqual([2, 3, 5, 6]);
    expect(daysToCome(days, nearestDay(days, "2026-11-06"), "2026-11-06").map((one) => one.id)).toEqual([7]);
  });
});

describe("the office's first page", () => {
  it("shows a new house its two first steps", async () => {
    enter(admin);
    fakeServer({ "GET /api/v1/cadets": list([]), "GET /api/v1/terms": list([]) });
    renderAt("/", <OfficeHome />);
    expect(await screen.findByRole("link", { name: "Import a roster" })).toHaveAttribute("href", "/imports");
    expect(screen.getByRole("link", { name: "Open a term" })).toHaveAttribute("href", "/terms");
  });

  it("offers nobody what they may not do", async () => {
    enter(staff);
    fakeServer({ "GET /api/v1/cadets": list([]), "GET /api/v1/terms": list([]) });
    renderAt("/", <OfficeHome />);
    expect(await screen.findByText(/The command group imports the roster/)).toBeVisible();
    expect(screen.queryByRole("link", { name: /Import|Open a term|activation/ })).toBeNull();
  });

  it("says how many grades need something, and leads to them", async () => {
    enter(admin);
    const counts: Record<string, number> = { no_data: 13, provisional: 286, complete: 29, special: 4 };
    fakeServer({
      "GET /api/v1/cadets": list([], 328),
      "GET /api/v1/terms": list([term(2, "2000-01-01", "2999-01-01")]),
      "GET /api/v1/training-days": list([day(5, "2999-01-01")]),
      "GET /api/v1/grading/gradebook": ({ params }) => list([], counts[params.get("state") ?? ""]),
    });
    renderAt("/", <OfficeHome />);
    const link = await screen.findByRole("link", { name: "286 need something" });
    expect(link).toHaveAttribute("href", "/gradebook?term_id=2&state=provisional");
    expect(within(link.closest("ul")!).getByText("29")).toBeVisible();
    expect(screen.getByRole("link", { name: "4 stand as INC, DO or T" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Open the roll" })).toHaveAttribute("href", "/training-days/5");
  });
});
