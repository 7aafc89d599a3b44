import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer, type Asked } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import type { RollDay, RollRow } from "./api/roll";
import { applyMarks } from "./apply-events";
import { RollCall } from "./components/RollCall";
import { keepMyUnit, myUnit } from "./my-unit";

const MARKS = "POST /api/v1/attendance/marks";
type Sent = { actor: number; marks: { id: string; cadet_id: number; status: string; training_day_id: number }[] };
const marksIn = (asked: Asked) => (asked.body as Sent).marks;
const takesAll = (asked: Asked) => ({ body: { stored: marksIn(asked).map((one) => one.id), duplicates: [], rejected: [] } });

const blank = { record_id: null, occurred_at: null, marked_by: null, ordered_at: null, based_on: null, status: null };
const row = (cadet_id: number, platoon = "1st Platoon"): RollRow => ({
  ...blank,
  ...{ cadet_id, student_id: `2026-${cadet_id}`, name: `Cadet ${cadet_id}`, company: "Alpha", platoon },
});
const day: RollDay = { id: 7, term_id: 1, date: "2026-11-21", title: "Day 1", is_cancelled: false };
const rollOf = (...rows: RollRow[]) => ({ body: { data: rows, page: 1, limit: 100, total: rows.length, next_cursor: null } });
const draw = (one = day) => renderAt("/training-days/7", <RollCall day={one} filter={{ company: "", platoon: "" }} />);

beforeEach(() => void enter(staff));

describe("taking the roll", () => {
  it("keeps a mark in sight from the tap until the list has it, with no 'No mark' in between", async () => {
    let stored: RollRow[] = [row(3)];
    const server = fakeServer({
      "GET /api/v1/attendance": () => rollOf(...stored),
      [MARKS]: (asked) => {
        stored = [
          {
            ...row(3),
            status: "present",
            record_id: marksIn(asked)[0]!.id,
            occurred_at: "2026-11-21T01:00:00Z",
            ordered_at: "2026-11-21T01:00:00Z",
          },
        ];
        return takesAll(asked);
      },
    });
    const { user } = draw();
    const seen: string[] = [];
    const watch = new MutationObserver(() => {
      const status = document.querySelector<HTMLElement>("[data-cadet]")?.dataset["status"];
      if (status && status !== seen.at(-1)) seen.push(status);
    });
    watch.observe(document.body, { subtree: true, childList: true, attributes: true });
    await user.click(await screen.findByRole("button", { name: /Cadet 3/ }));
    await vi.waitFor(() => expect(server.sent("GET /api/v1/attendance")).toHaveLength(2), { timeout: 3_000 });
    await screen.findByText("Saved");
    watch.disconnect();
    expect(seen).toEqual(["none", "present"]);
    expect(server.sent(MARKS)[0]!.body).toMatchObject({ actor: staff.id, marks: [{ cadet_id: 3, training_day_id: 7 }] });
  });

  it("says in the row why a mark was refused", async () => {
    const rejected = (asked: Asked) =>
      marksIn(asked).map(({ id }) => ({ id, code: "term_locked", message: "The term is locked." }));
    fakeServer({
      "GET /api/v1/attendance": rollOf(row(3)),
      [MARKS]: (asked) => ({ body: { stored: [], duplicates: [], rejected: rejected(asked) } }),
    });
    const { user } = draw();
    await user.click(await screen.findByRole("button", { name: /Cadet 3/ }));
    const button = await screen.findByRole("button", { name: /Does not stand: The term is locked\./ });
    expect(button).toHaveAttribute("data-status", "none");
    expect(screen.getByRole("alert")).toHaveTextContent("1 mark does not stand");
  });

  it("names what stood on the screen, then its own mark, so that each follows the one before whatever the clocks say", async () => {
    const seen = { ...row(3), status: "late" as const, record_id: "r", occurred_at: "2099-01-01T00:00:00Z" };
    const server = fakeServer({
      "GET /api/v1/attendance": rollOf({ ...seen, ordered_at: "2099-01-01T00:00:00Z", based_on: "r" }),
      [MARKS]: takesAll,
    });
    const { user } = draw();
    const button = await screen.findByRole("button", { name: /Cadet 3/ });
    await user.click(button);
    await vi.waitFor(() => expect(button).toHaveAttribute("data-status", "present"));
    await user.click(button);
    await vi.waitFor(() => expect(server.sent(MARKS).flatMap(marksIn)).toHaveLength(2));
    const [first, second] = server.sent(MARKS).flatMap(marksIn);
    expect([first, second]).toMatchObject([{ based_on: "r" }, { based_on: first!.id }]);
  });

  it("says whose mark mine took the place of", async () => {
    const replaced = { status: "late", occurred_at: "2026-11-21T01:05:00Z", record_id: "r", value: null, actor_id: 9 };
    fakeServer({
      "GET /api/v1/attendance": rollOf(row(3)),
      [MARKS]: (asked) => {
        const { body } = takesAll(asked);
        const effect = { effect: "applied", reason: "changed_meanwhile", message: "", current: null, replaced };
        return { body: { ...body, effects: body.stored.map((id) => ({ id, ...effect })) } };
      },
    });
    const { user } = draw();
    await user.click(await screen.findByRole("button", { name: /Cadet 3/ }));
    expect(await screen.findByText("Cadet 3: yours stands (Present). Somebody else had marked Late at 09:05.")).toBeVisible();
  });

  it("asks before it marks more than a platoon, and a day that has not come", async () => {
    const server = fakeServer({ "GET /api/v1/attendance": rollOf(row(3), row(4, "2nd Platoon")), [MARKS]: takesAll });
    const ahead = draw({ ...day, date: "2099-01-02" });
    await ahead.user.click(await screen.findByRole("button", { name: "Mark all 2 present" }));
    const dialog = await screen.findByRole("dialog", { name: "Mark 2 cadets of 2 platoons present?" });
    expect(dialog).toHaveTextContent("Jan 2");
    await ahead.user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await ahead.user.click(screen.getByRole("button", { name: /Cadet 3/ }));
    await ahead.user.click(await screen.findByRole("button", { name: "Mark it all the same" }));
    await vi.waitFor(() => expect(server.sent(MARKS).flatMap(marksIn)).toHaveLength(1));
    // Asked once: whoever means this day means it for the next cadet too.
    await ahead.user.click(screen.getByRole("button", { name: /Cadet 4/ }));
    await vi.waitFor(() => expect(server.sent(MARKS).flatMap(marksIn)).toHaveLength(2));
  });

  it("opens on the unit that this person marked last on this device", () => {
    keepMyUnit(staff.id, { company: "Alpha", platoon: "2nd Platoon" });
    expect(myUnit(staff.id)).toEqual({ company: "Alpha", platoon: "2nd Platoon" });
    expect(myUnit(99)).toBeNull();
    keepMyUnit(staff.id, { company: "", platoon: "" });
    expect(myUnit(staff.id)).toBeNull();
  });
});

describe("marks that somebody else made", () => {
  const late: RollRow = {
    ...row(3),
    status: "late",
    record_id: "r",
    occurred_at: "2026-11-21T00:30:00Z",
    ordered_at: "2026-11-21T01:00:00Z",
    marked_by: 1,
  };
  const event = (status: "absent" | "present" | "none", ordered_at: string) => ({
    ...{ id: "e", training_day_id: 7, cadet_id: 3, actor_id: 9 },
    ...{ status, ordered_at, occurred_at: "2026-11-21T00:30:00Z" },
  });

  it("replace an earlier one and never a later one, in any order of arrival", () => {
    const [before, between, after] = ["2026-11-21T00:55:00Z", "2026-11-21T01:02:00Z", "2026-11-21T01:05:00Z"];
    expect(applyMarks([late], 7, [event("absent", after)])[0]!.status).toBe("absent");
    expect(applyMarks([late], 7, [event("absent", before)])[0]!.status).toBe("late");
    expect(applyMarks([late], 7, [event("absent", after), event("present", between)])[0]!.status).toBe("absent");
  });

  it("of another day change nothing, and a cleared one leaves no mark", () => {
    expect(applyMarks([late], 8, [event("absent", "2026-11-21T01:05:00Z")])[0]).toEqual(late);
    expect(applyMarks([late], 7, [event("none", "2026-11-21T01:05:00Z")])[0]!.status).toBeNull();
  });
});
