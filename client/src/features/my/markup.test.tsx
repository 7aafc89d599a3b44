import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { cadet, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { MyAttendanceView } from "./components/MyAttendanceView";

const HOSTILE = [
  "<script>alert(1)</script>",
  '<img src="x" onerror="alert(1)">',
  '<a href="javascript:alert(1)">Drill</a>',
  "&lt;b&gt; &amp; {{7*7}} ${7*7}",
];
const day = (title: string, id: number) => ({
  training_day_id: id,
  date: "2026-08-29",
  title,
  is_cancelled: false,
  status: "present",
  record_id: `r${id}`,
  occurred_at: "2026-08-29T00:00:00Z",
});

beforeEach(() => void enter(cadet));

describe("text from the server", () => {
  it("[20.3] [20.5] is shown as the characters it is made of and never becomes markup", async () => {
    const data = HOSTILE.map(day);
    fakeServer({
      "GET /api/v1/grading/me/attendance": { body: { data, page: 1, limit: 100, total: data.length, next_cursor: null } },
    });
    const { container } = renderAt("/my/attendance", <MyAttendanceView />);
    for (const text of HOSTILE) expect(await screen.findByText(text)).toBeVisible();
    expect(container.querySelector("script, img, a[href^='javascript'], [onerror]")).toBeNull();
  });
});
