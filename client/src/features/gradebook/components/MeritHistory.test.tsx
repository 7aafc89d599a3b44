import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import type { MeritRecord } from "../api/gradebook";
import { MeritHistory } from "./MeritHistory";

const record = (id: string, reason: string, voided: MeritRecord["voided"] = null): MeritRecord => ({
  id,
  reason,
  voided,
  name: "Reyes, Ana",
  company: null,
  platoon: null,
  term_id: 1,
  cadet_id: 7,
  kind: "demerit",
  points: 5,
  occurred_at: "2026-08-29T00:00:00Z",
  recorded_at: "2026-08-29T00:00:00Z",
  actor_id: 2,
  set_aside: null,
});

beforeEach(() => void enter(staff));

describe("the merits and demerits of a cadet", () => {
  it("offer to take back what counts, and show what was taken back as such", async () => {
    const gone = record("b", "Late for drill", {
      id: "v",
      reason: "Wrong cadet",
      occurred_at: "2026-08-30T00:00:00Z",
      actor_id: 2,
    });
    fakeServer({
      "GET /api/v1/merits/records": {
        body: { data: [record("a", "Boots"), gone], page: 1, limit: 100, total: 2, next_cursor: null },
      },
    });
    renderAt("/gradebook/7", <MeritHistory cadetId="7" termId="1" />);
    const [counts, taken] = await screen.findAllByRole("listitem");
    expect(within(counts!).getByRole("button", { name: "Take back" })).toBeVisible();
    expect(within(taken!).getByText("Taken back")).toBeVisible();
    expect(within(taken!).queryByRole("button")).toBeNull();
  });
});
