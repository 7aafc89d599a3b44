import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer, refusal } from "@/testing/fake-server";
import { cadet, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import type { ExplainedGrade } from "@/types/grade";
import { MyAttendanceView } from "./components/MyAttendanceView";
import { MyGradeView } from "./components/MyGradeView";

const part = (points: string | null, max: string, held: string | null, open: string | null, lost: string | null) => ({
  points,
  max,
  held,
  open,
  lost,
});

const provisional: ExplainedGrade = {
  cadet: { id: 7, student_id: "2026-10482", name: "Quiambao, Maristel", company: "Bravo", platoon: "2nd Platoon" },
  term: { id: 1, name: "First term", school_year: "2026-2027", semester: "1st Semester" },
  policy_version: 1,
  state: "provisional",
  final: null,
  transmuted: null,
  passed: null,
  remarks: null,
  outlook: "open",
  so_far: { attendance: "20.00", aptitude: "27.00", subject: "15.87", total: "62.87" },
  worst: { points: "62.87", grade: "5.00" },
  best: { points: "82.20", grade: "2.50" },
  components: { attendance: null, aptitude: "27.00", subject: null },
  standing: {
    attendance: part(null, "30.00", "20.00", "6.00", "4.00"),
    aptitude: part("27.00", "30.00", "27.00", "0.00", "3.00"),
    subject: part(null, "40.00", "15.87", "13.33", "10.80"),
    total: { ...part(null, "100.00", "62.87", "19.33", "17.80"), best: "2.50", pass_at: "75.00" },
  },
  missing: [{ component: "subject", what: "The final exam has no score yet", training_day_ids: [], exam: "final" }],
  notices: [],
  ignored: [],
  explanation: {
    id: "final",
    label: "Final grade",
    rule: "",
    points: null,
    exact: null,
    max: "100.00",
    records: [],
    record: null,
    children: [
      {
        id: "attendance",
        label: "Attendance",
        rule: "10 credited ÷ 15 days × 30",
        points: null,
        max: "30.00",
        records: [],
        exact: null,
        record: null,
        children: [
          {
            id: "r1",
            label: "Day 1",
            rule: "present counts as 1 of a day",
            points: "2.00",
            max: "2.00",
            records: ["r1"],
            exact: null,
            record: { kind: "attendance", status: "present", occurred_at: "2026-08-28T23:52:00Z", actor_id: 2 },
            children: [],
          },
        ],
      },
    ],
  },
  version: 1,
  as_of: null,
};
const noData: ExplainedGrade = {
  ...provisional,
  state: "no_data",
  ...{ so_far: null, worst: null, best: null },
  components: { attendance: null, aptitude: null, subject: null },
  standing: {
    attendance: part(null, "30.00", null, null, null),
    aptitude: part(null, "30.00", null, null, null),
    subject: part(null, "40.00", null, null, null),
    total: { ...part(null, "100.00", null, null, null), best: null, pass_at: "75.00" },
  },
  explanation: {
    ...provisional.explanation,
    children: [
      {
        id: "attendance",
        label: "Attendance",
        rule: "No training day has a mark yet.",
        points: null,
        max: "30.00",
        records: [],
        exact: null,
        record: null,
        children: [],
      },
    ],
  },
};
const list = (data: unknown[]) => ({ body: { data, page: 1, limit: 100, total: data.length, next_cursor: null } });
const day = (id: number, status: string | null, date = "2026-08-29") => ({
  training_day_id: id,
  date,
  title: `Day ${id}`,
  is_cancelled: false,
  status,
  record_id: status ? `r${id}` : null,
  occurred_at: status ? `${date}T00:00:00Z` : null,
});

const serve = (grade: object) =>
  fakeServer({
    "GET /api/v1/grading/me": grade,
    "GET /api/v1/grading/me/attendance": list([day(1, "present")]),
    "GET /api/v1/grading/me/merits": list([]),
  });

beforeEach(() => void enter(cadet));

describe("my grade", () => {
  it("says that it is not final, what is missing, and that a pass is within reach", async () => {
    serve({ body: provisional });
    renderAt("/my/grade", <MyGradeView />);
    expect(await screen.findByRole("heading", { name: "No final grade yet" })).toBeVisible();
    expect(screen.getByText(/The final exam has no score yet\./)).toHaveTextContent("A pass is still within reach.");
    expect(
      screen.getByRole("img", { name: "62.87 points held, 19.33 still open, 17.80 no longer possible. A pass needs 75.00." }),
    ).toBeVisible();
  });

  it("opens a part to its rule and its records", async () => {
    serve({ body: provisional });
    const { user } = renderAt("/my/grade", <MyGradeView />);
    await user.click(await screen.findByText("Attendance"));
    expect(screen.getByText("10 credited ÷ 15 days × 30")).toBeVisible();
    const leaf = screen.getByText("Day 1").closest("li")!;
    expect(within(leaf).getByText("Present")).toBeInTheDocument();
    expect(leaf).toHaveTextContent("present counts as 1 of a day · Sat, Aug 29, 07:52");
  });

  it("never shows a number that is not known", async () => {
    serve({ body: noData });
    const { container } = renderAt("/my/grade", <MyGradeView />);
    expect(await screen.findByRole("heading", { name: "No grade yet" })).toBeVisible();
    expect(container).not.toHaveTextContent(/5\.00|0\.00|ABSENT/);
    expect(screen.queryByRole("img")).toBeNull();
  });

  it("says the same points so far in its headline, its bar and its parts, none of them bold", async () => {
    serve({ body: provisional });
    const { container } = renderAt("/my/grade", <MyGradeView />);
    expect(await screen.findByText("62.87 points so far")).toBeVisible();
    expect(screen.getByText("Attendance").closest("summary")).toHaveTextContent("20.00held, of 30");
    expect(container.querySelector("summary b")).toBeNull();
    expect(screen.getByText("At best").parentElement).toHaveTextContent("2.50 (82.20 points)");
    expect(screen.getByText("At worst").parentElement).toHaveTextContent("5.00 (62.87 points)");
  });

  it.each([
    ["passed", "A pass is certain, whatever comes."],
    ["out_of_reach", "A pass is no longer within reach."],
  ] as const)("says that its outlook is %s", async (outlook, words) => {
    serve({ body: { ...provisional, outlook } });
    renderAt("/my/grade", <MyGradeView />);
    expect(await screen.findByText(words)).toBeVisible();
  });

  it("that the office has set is shown as its letters, without points", async () => {
    const none = { so_far: null, worst: null, best: null, outlook: null, standing: noData.standing };
    serve({ body: { ...provisional, ...none, state: "special", transmuted: "INC", remarks: "Incomplete" } });
    renderAt("/my/grade", <MyGradeView />);
    expect(await screen.findByRole("heading", { name: "INC" })).toBeVisible();
    expect(screen.getByText("Incomplete")).toBeVisible();
    expect(screen.queryByText(/points/, { selector: "span" })).toBeNull();
    expect(screen.getByText("Attendance").closest("summary")).toHaveTextContent("Attendance–");
  });

  it("says what is held of a part that is not complete", async () => {
    const subject = {
      id: "subject",
      label: "Proficiency",
      rule: "(61 + 58 + –) ÷ 300 × 40",
      points: null,
      exact: null,
      max: "40.00",
      records: [],
      record: null,
      children: [],
    };
    serve({ body: { ...provisional, explanation: { ...provisional.explanation, children: [subject] } } });
    renderAt("/my/grade", <MyGradeView />);
    expect((await screen.findByText("Proficiency")).closest("summary")).toHaveTextContent("15.87held, of 40");
  });

  it("shows the grade on record once it is complete", async () => {
    serve({
      body: {
        ...provisional,
        state: "complete",
        final: "91.57",
        transmuted: "1.50",
        passed: true,
        remarks: "Passed",
        missing: [],
      },
    });
    renderAt("/my/grade", <MyGradeView />);
    expect(await screen.findByRole("heading", { name: "1.50" })).toBeVisible();
    expect(screen.getByText("91.57 points")).toBeVisible();
    expect(screen.getByText("Passed")).toBeVisible();
  });

  it("is an error with a way to try again when the server cannot be reached, never a grade", async () => {
    const server = fakeServer({});
    const { user, container } = renderAt("/my/grade", <MyGradeView />);
    // The client asks twice more by itself before it says so.
    expect(await screen.findByText("Your grade could not be loaded", {}, { timeout: 8_000 })).toBeVisible();
    expect(container).not.toHaveTextContent(/\d\.\d\d/);
    server.on("GET /api/v1/grading/me", { body: provisional });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "No final grade yet" })).toBeVisible();
  }, 12_000);

  it("explains that there is no term yet", async () => {
    serve(refusal(404, "not_found"));
    renderAt("/my/grade", <MyGradeView />);
    expect(await screen.findByRole("heading", { name: "No term yet" })).toBeVisible();
  });
});

describe("my attendance", () => {
  it("tells a day to come from a day without a mark", async () => {
    fakeServer({
      "GET /api/v1/grading/me/attendance": list([day(1, "late"), day(2, null, "2020-01-04"), day(3, null, "2999-01-05")]),
    });
    renderAt("/my/attendance", <MyAttendanceView />);
    const rowOf = async (name: string) => (await screen.findByText(name)).closest("li")!;
    expect(await rowOf("Day 1")).toHaveTextContent("Late");
    expect(await rowOf("Day 2")).toHaveTextContent("No mark");
    expect(await rowOf("Day 3")).toHaveTextContent("Not yet");
  });
});
