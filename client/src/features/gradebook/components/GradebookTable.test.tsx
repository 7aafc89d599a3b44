import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Page } from "@/lib/api-client";
import { DeviceStore } from "@/lib/offline/device-store";
import { fakeServer, type Asked } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import type { GradebookFilter, GradebookRow, Policy } from "../api/gradebook";
import { GradebookTable } from "./GradebookTable";

const policy = {
  attendance: { weight: "20" },
  aptitude: { weight: "100/3" },
  subject: {
    weight: "140/3",
    exams: [
      { exam: "quiz_1", label: "Quiz 1", max: "50" },
      { exam: "oral", label: "Oral", max: "25" },
    ],
  },
  maximum: "100",
} as Policy;
const filter: GradebookFilter = { term_id: "4", company: "", platoon: "", search: "", state: "", sort: "name", page: 1 };
const row: GradebookRow = {
  ...{ cadet_id: 7, term_id: 4, student_id: "2026-1", name: "Reyes, Ana", company: "Echo", platoon: null, version: 1 },
  ...{ days_counted: 1, days_present: 1, late: 0, excused: 0, duty: 0, absent: 0, merits: 0, demerits: 0 },
  ...{ attendance: null, aptitude: "33.33", subject: null, final: null, transmuted: null, passed: null, position: 1 },
  so_far: { attendance: "1.25", aptitude: "33.33", subject: "26.44", total: "61.02" },
  worst: { points: "61.02", grade: "5.00" },
  best: { points: "100.00", grade: "1.00" },
  outlook: "open",
  scores: { quiz_1: "42.50", oral: null },
  state: "provisional",
  missing: ["oral"],
};
const page: Page<GradebookRow> = { data: [row], page: 1, limit: 50, total: 1, next_cursor: null };

const draw = (shown: GradebookRow = row) =>
  renderAt(
    "/gradebook",
    <GradebookTable policy={policy} page={{ ...page, data: [shown] }} filter={filter} onSort={() => {}} onPage={() => {}} />,
  );

const storesAll = ({ body }: Asked) => ({
  body: {
    stored: (body as { scores: { id: string }[] }).scores.map((score) => score.id),
    ...{ duplicates: [], rejected: [], grades: [] },
  },
});

beforeEach(() => void enter(staff));

describe("a gradebook under another policy", () => {
  it("has the exams, maxima and weights of the policy, and its words for what is missing", () => {
    draw();
    const table = screen.getByRole("table");
    const heads = within(table)
      .getAllByRole("columnheader")
      .map((head) => head.textContent);
    expect(heads).toEqual(expect.arrayContaining(["Attendance 20", "Aptitude 33.33", "Proficiency 46.67", "Final grade 100"]));
    expect(heads).toEqual(expect.arrayContaining(["Proficiency Quiz 1 of 50", "Proficiency Oral of 25"]));
    expect(heads.join()).not.toMatch(/Prelim|Midterm/);
    expect(screen.getByLabelText("Quiz 1 score of Reyes, Ana")).toHaveValue("42.5");
    expect(screen.getByText("Needs oral")).toBeInTheDocument();
  });

  it("refuses a score above the exam's own maximum, and sends one within it under the exam's id", async () => {
    const server = fakeServer({
      "POST /api/v1/exams/scores": storesAll,
    });
    const { user } = draw();
    const cell = screen.getByLabelText("Oral score of Reyes, Ana");
    await user.type(cell, "26{Enter}");
    expect(screen.getByRole("alert")).toHaveTextContent("A number from 0 to 25, with two decimals at most.");
    expect(server.asked).toHaveLength(0);
    await user.clear(cell);
    await user.type(cell, "24.75{Enter}");
    await screen.findByText(/^Saved/);
    expect(server.asked[0]?.body).toMatchObject({ scores: [{ exam: "oral", value: "24.75", cadet_id: 7, term_id: 4 }] });
  });
});

describe("a grade in the gradebook", () => {
  const cell = (text: string) => screen.getByText(text).closest("td")!;

  it("that can still change is said to be open, with the points so far, and nothing of it is bold", () => {
    draw();
    const table = screen.getByRole("table");
    expect(cell("61.02")).toHaveTextContent("61.02 so far");
    expect(cell("1.25")).toHaveTextContent("1.25 so far");
    expect(screen.getByText("open")).toBeVisible();
    expect(table).not.toHaveTextContent(/5\.00/);
    expect(table.querySelector("tbody b")).toBeNull();
  });

  it.each([
    ["passed", "open, passes"],
    ["out_of_reach", "open, cannot pass"],
  ] as const)("whose outlook is %s says so", (outlook, words) => {
    draw({ ...row, outlook });
    expect(screen.getByText(words)).toBeVisible();
  });

  it("that is final stands bold", () => {
    draw({ ...row, state: "complete", missing: [], final: "91.57", transmuted: "1.50", passed: true, outlook: "passed" });
    expect(screen.getByText("91.57").tagName).toBe("B");
    expect(screen.getByText("1.50").tagName).toBe("B");
  });

  it("that the office has set shows its letters and no points at all", () => {
    const none = { attendance: null, aptitude: null, so_far: null, worst: null, best: null, outlook: null };
    draw({ ...row, ...none, state: "special", transmuted: "DO" });
    expect(screen.getByText("DO")).toBeVisible();
    expect(screen.getByText("Dropped")).toBeVisible();
    expect(screen.getByRole("table").querySelector("tbody")).not.toHaveTextContent(/\d\.\d\d/);
  });

  it("keeps a score that is refused in its cell with the reason beside it, and counts it", async () => {
    const no = "The term is locked.";
    const server = fakeServer({
      "POST /api/v1/exams/scores": ({ body }) => {
        const ids = (body as { scores: { id: string }[] }).scores.map(({ id }) => id);
        return { body: { stored: [], duplicates: [], rejected: ids.map((id) => ({ id, code: "term_locked", message: no })) } };
      },
    });
    const { user } = draw();
    const cell = screen.getByLabelText("Oral score of Reyes, Ana");
    await user.type(cell, "20{Enter}");
    expect(await screen.findByText("1 score not saved")).toBeInTheDocument();
    expect(cell).toHaveValue("20");
    expect(cell).toHaveAccessibleDescription(no);
    server.on("POST /api/v1/exams/scores", storesAll);
    await user.clear(cell);
    await user.type(cell, "21{Enter}");
    await screen.findByText(/^Saved/);
    expect(cell).toBeValid();
    expect(await new DeviceStore().of(staff.id)).toEqual([]);
  });

  it("takes a copied block one value a cell, refuses what is no score where it stands, and undoes it as one", async () => {
    const server = fakeServer({ "POST /api/v1/exams/scores": storesAll });
    const { user } = draw();
    await user.click(screen.getByLabelText("Quiz 1 score of Reyes, Ana"));
    await user.paste("44\t99\n45\t\n");
    expect(screen.getByLabelText("Oral score of Reyes, Ana")).toHaveAccessibleDescription(/from 0 to 25/);
    expect(await screen.findByText("1 value of what you pasted found no cell on this page. The others are in.")).toBeVisible();
    await screen.findByText("1 score not saved");
    const sent = () => server.asked.flatMap((one) => (one.body as { scores: { exam: string; value: string }[] }).scores);
    await vi.waitFor(() => expect(sent()).toMatchObject([{ exam: "quiz_1", value: "44" }]));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await vi.waitFor(() => expect(sent()[1]).toMatchObject({ exam: "quiz_1", value: "42.50" }));
  });

  it("goes from cell to cell with the arrows, and within a text that is being typed", async () => {
    fakeServer({ "POST /api/v1/exams/scores": storesAll });
    const { user } = draw();
    const [quiz, oral] = [screen.getByLabelText("Quiz 1 score of Reyes, Ana"), screen.getByLabelText("Oral score of Reyes, Ana")];
    await user.click(quiz);
    await user.keyboard("{ArrowRight}");
    expect(oral).toHaveFocus();
    await user.keyboard("12{ArrowLeft}");
    expect(oral).toHaveFocus();
    await user.keyboard("{Home}{ArrowLeft}");
    expect(quiz).toHaveFocus();
    expect(oral).toHaveValue("12");
  });
});

describe("the gradebook on a phone", () => {
  it("shows one line a cadet, with the scores of one exam at a time", async () => {
    window.matchMedia = (query: string) =>
      ({ matches: true, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as never;
    const { user } = draw();
    const line = screen.getByRole("listitem");
    expect(line).toHaveTextContent("Reyes, Ana61.02 so far openNeeds oral");
    expect(within(line).getAllByRole("textbox")).toHaveLength(1);
    expect(screen.getByLabelText("Quiz 1 score of Reyes, Ana")).toHaveValue("42.5");
    await user.selectOptions(screen.getByLabelText("Exam to score"), "Oral of 25");
    expect(screen.getByLabelText("Oral score of Reyes, Ana")).toHaveValue("");
  });

  it("shows both values where somebody else typed meanwhile, and sends mine as a correction of theirs", async () => {
    const theirs = { record_id: "0193-theirs", value: "18.00", status: null, actor_id: 9, device_id: "laptop" };
    const times = { occurred_at: "2026-11-21T01:12:00Z", recorded_at: "2026-11-21T01:12:00Z" };
    const effect = { effect: "none", reason: "changed_meanwhile", message: "Somebody changed this meanwhile.", replaced: null };
    const server = fakeServer({
      "POST /api/v1/exams/scores": (asked) => {
        const { body } = storesAll(asked);
        return { body: { ...body, effects: body.stored.map((id) => ({ id, ...effect, current: { ...theirs, ...times } })) } };
      },
    });
    const { user } = draw();
    const cell = screen.getByLabelText("Oral score of Reyes, Ana");
    await user.type(cell, "20{Enter}");
    await screen.findByText("Somebody else typed 18 at 09:12; that stands.");
    expect(cell).toHaveValue("20");
    expect(screen.getByText("1 score not saved")).toBeInTheDocument();
    const sent = () => server.asked.flatMap((one) => (one.body as { scores: object[] }).scores);
    expect(sent()).toMatchObject([{ exam: "oral", value: "20", based_on_value: null }]);
    server.on("POST /api/v1/exams/scores", storesAll);
    await user.click(screen.getByRole("button", { name: "Use 20" }));
    await vi.waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent()[1]).toMatchObject({ exam: "oral", value: "20", supersedes: theirs.record_id });
    expect(sent()[1]).not.toHaveProperty("based_on_value");
    await screen.findByText(/^Saved/);
    expect(cell).toBeValid();
  });
});
