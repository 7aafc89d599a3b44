import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { DisagreementBanner } from "./components/DisagreementBanner";
import { DisagreementList } from "./components/DisagreementList";

const said = (record_id: string, status: string, actor_id: number) => ({
  ...{ record_id, status, actor_id, device_id: "d" },
  ...{ occurred_at: "2026-11-21T00:05:00Z", recorded_at: "2026-11-21T00:06:00Z" },
});
const one = {
  ...{ id: "o", term_id: 1, training_day_id: 7, date: "2026-11-21", day_title: "Drill", cadet_id: 3, name: "Reyes, Ana" },
  ...{ company: "Alpha", platoon: "1st", stands: said("s", "present", 2), other: said("o", "absent", 30) },
};
type Sent = { actor: number; marks: { status: string; supersedes: string }[] };

function server(effect: "applied" | "none") {
  let rows = [one];
  return fakeServer({
    "GET /api/v1/attendance/disagreements": () => ({
      body: { data: rows, page: 1, limit: 50, total: rows.length, next_cursor: null },
    }),
    "GET /api/v1/auth/names": { body: { names: [{ id: 30, name: "Santos, Rosa" }] } },
    "POST /api/v1/attendance/marks": () => {
      if (effect === "applied") rows = [];
      return { body: { stored: ["x"], duplicates: [], rejected: [], grades: [], effects: [{ effect, id: "x" }] } };
    },
  });
}

describe("marks about which two devices disagree", () => {
  it("show both values, who and when, and the kept one corrects what stands, until it is undone", async () => {
    enter(staff);
    const fake = server("applied");
    const { user } = renderAt("/terms/1/disagreements", <DisagreementList termId="1" />);
    expect(await screen.findByText(/Santos, Rosa, Sat, Nov 21/)).toBeVisible();
    expect(screen.getByText(/#2, Sat, Nov 21/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Keep this one: Absent, by Santos, Rosa, for Reyes, Ana" }));
    expect(await screen.findByText("No marks differ")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(fake.sent("POST /api/v1/attendance/marks")).toHaveLength(2));
    const [kept, undone] = fake
      .sent("POST /api/v1/attendance/marks")
      .map((call) => call.body as Sent & { marks: { id: string }[] });
    expect(kept).toMatchObject({ actor: staff.id, marks: [{ cadet_id: 3, status: "absent", supersedes: "s" }] });
    expect(undone).toMatchObject({ marks: [{ status: "present", supersedes: kept!.marks[0]!.id }] });
  });

  it("are compared again when somebody marked meanwhile", async () => {
    enter(staff);
    server("none");
    const { user } = renderAt("/terms/1/disagreements", <DisagreementList termId="1" />);
    await user.click((await screen.findAllByRole("button", { name: /Keep this one/ }))[0]!);
    expect(await screen.findByText(/Somebody has marked Reyes, Ana meanwhile/)).toBeVisible();
    expect(screen.getAllByRole("button", { name: /Keep this one/ })).toHaveLength(2);
  });

  it("are counted on the roll, and not mentioned where there are none", async () => {
    enter(staff);
    server("applied");
    renderAt("/training-days/7", <DisagreementBanner termId={1} dayId={7} />);
    expect(await screen.findByText("1 mark differs between two devices.")).toBeVisible();
    expect(screen.getByRole("link", { name: "Compare them" })).toHaveAttribute("href", "/terms/1/disagreements");
  });
});
