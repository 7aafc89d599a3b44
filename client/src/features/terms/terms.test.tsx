import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { CADET_COURSES, MOST_DAYS_OF_A_SERIES, SEMESTERS } from "@/types/domain";
import type { SeriesDay, Term } from "./api/terms";
import { EditDay } from "./components/EditDay";
import { PolicyView, type Policy } from "./components/PolicyView";
import { SeriesForm } from "./components/SeriesForm";
import { TermForm } from "./components/TermForm";

const options = (label: string) =>
  within(screen.getByLabelText(label))
    .getAllByRole("option")
    .map((one) => one.textContent);

beforeEach(() => void enter(admin));

describe("opening a term", () => {
  it("offers the semesters and the courses that the server knows", () => {
    renderAt("/terms", <TermForm onClose={vi.fn()} onSaved={vi.fn()} />);
    expect(options("Semester")).toEqual(SEMESTERS);
    expect(options("Cadet course")).toEqual(["Every cadet course", ...CADET_COURSES]);
  });

  it("refuses a term that ends before it begins, and sends one that does not", async () => {
    const server = fakeServer({ "POST /api/v1/terms": { status: 201, body: { id: 1 } } });
    const onSaved = vi.fn();
    const { user } = renderAt("/terms", <TermForm onClose={vi.fn()} onSaved={onSaved} />);
    await user.type(screen.getByLabelText("Name"), "MS1");
    fireEvent.change(screen.getByLabelText("First day"), { target: { value: "2026-08-08" } });
    fireEvent.change(screen.getByLabelText("Last day"), { target: { value: "2026-08-01" } });
    await user.click(screen.getByRole("button", { name: "Open the term" }));
    expect(screen.getByText("The last day comes before the first.")).toBeInTheDocument();
    fireEvent.change(screen.getByLabelText("Last day"), { target: { value: "2026-12-19" } });
    await user.click(screen.getByRole("button", { name: "Open the term" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalled());
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.body).toMatchObject({ name: "MS1", semester: SEMESTERS[0], cadet_course: null });
  });
});

const term = { id: 4, starts_on: "2026-08-01", ends_on: "2026-12-19" } as Term;
const PLAN = "POST /api/v1/training-days/series/preview";
const SERIES = "POST /api/v1/training-days/series";
const planned = (date: string, more: Partial<SeriesDay> = {}): SeriesDay => ({
  date,
  weekday: "saturday",
  title: `On ${date}`,
  left_out: false,
  problem: null,
  ...more,
});

describe("planning the training days", () => {
  it("takes as many days as the server does, and no more", async () => {
    const server = fakeServer({
      [PLAN]: { body: { days: [planned("2026-08-01"), planned("2026-08-08")] } },
      [SERIES]: { status: 201, body: { created: [{}, {}] } },
    });
    const onSaved = vi.fn();
    const { user } = renderAt("/terms/4", <SeriesForm term={term} days={[]} onClose={vi.fn()} onSaved={onSaved} />);
    const count = screen.getByLabelText("How many");
    await user.clear(count);
    await user.type(count, String(MOST_DAYS_OF_A_SERIES + 1));
    await user.click(screen.getByRole("button", { name: /^Create/ }));
    expect(screen.getByText(`A number from 1 to ${MOST_DAYS_OF_A_SERIES}.`)).toBeInTheDocument();
    await user.clear(count);
    await user.type(count, String(MOST_DAYS_OF_A_SERIES));
    await screen.findByText("Saturday, Aug 8, 2026");
    await user.click(screen.getByRole("button", { name: "Create 2 training days" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalledWith(2));
    expect(server.sent(SERIES)).toHaveLength(1);
    expect(server.sent(SERIES)[0]?.body).toMatchObject({ term_id: 4, count: MOST_DAYS_OF_A_SERIES });
  });

  it("names the weekday to the server, which once read Saturday's number as Friday", async () => {
    const server = fakeServer({ [PLAN]: { body: { days: [planned("2026-08-01")] } } });
    const { user } = renderAt("/terms/4", <SeriesForm term={term} days={[]} onClose={vi.fn()} onSaved={vi.fn()} />);
    expect(options("Every")).toEqual(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);
    await vi.waitFor(() => expect(server.sent(PLAN)[0]?.body).toMatchObject({ weekday: "saturday", skip: [] }));
    await user.selectOptions(screen.getByLabelText("Every"), "Sunday");
    await vi.waitFor(() => expect(server.sent(PLAN).at(-1)?.body).toMatchObject({ weekday: "sunday" }));
  });

  it("leaves out a holiday, shows the dates again, and creates nothing before they are shown", async () => {
    const server = fakeServer({
      [PLAN]: ({ body }) => {
        const { skip } = body as { skip: string[] };
        const dates = ["2026-08-01", "2026-08-08", ...(skip.length ? ["2026-08-15"] : [])];
        const days = dates.map((date) => planned(date, skip.includes(date) ? { left_out: true, title: null } : {}));
        return { body: { days } };
      },
      [SERIES]: { status: 201, body: { created: [{}, {}] } },
    });
    const { user } = renderAt("/terms/4", <SeriesForm term={term} days={[]} onClose={vi.fn()} onSaved={vi.fn()} />);
    expect(screen.getByRole("button", { name: /^Create/ })).toHaveAttribute("aria-disabled", "true");
    await user.click(await screen.findByRole("button", { name: "Leave out Saturday, Aug 8, 2026" }));
    await screen.findByText("Saturday, Aug 15, 2026");
    expect(screen.getByText("Left out")).toBeInTheDocument();
    expect(screen.getByText("2 training days, from Aug 1, 2026 to Aug 15, 2026")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Create 2 training days" }));
    await vi.waitFor(() => expect(server.sent(SERIES)[0]?.body).toMatchObject({ skip: ["2026-08-08"] }));
  });

  it("goes on after the last day that the term has", async () => {
    const server = fakeServer({ [PLAN]: { body: { days: [planned("2026-12-05")] } } });
    const days = [{ date: "2026-11-30" }, { date: "2026-08-01" }];
    renderAt("/terms/4", <SeriesForm term={term} days={days} onClose={vi.fn()} onSaved={vi.fn()} />);
    await vi.waitFor(() => expect(server.sent(PLAN)[0]?.body).toMatchObject({ starts_on: "2026-12-01" }));
  });

  it("waits while a date cannot be used, and says why", async () => {
    fakeServer({ [PLAN]: { body: { days: [planned("2026-08-01", { problem: "training_day_exists" })] } } });
    renderAt("/terms/4", <SeriesForm term={term} days={[]} onClose={vi.fn()} onSaved={vi.fn()} />);
    expect(await screen.findByText(/There is a training day already/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: /^Create/ })).toHaveAttribute("aria-disabled", "true");
  });
});

describe("editing a training day", () => {
  const day = (more = {}) => ({
    id: 9,
    date: "2026-08-08",
    title: "Training day 2",
    description: "",
    version: 3,
    marks: 37,
    ...more,
  });
  const show = () => {
    const onSaved = vi.fn();
    const view = renderAt(
      "/terms/4",
      <EditDay dayId={9} title="Training day 2" term={term} onClose={vi.fn()} onSaved={onSaved} />,
    );
    return { ...view, onSaved };
  };

  it("says what a new date does to the marks before it sends what changed, with the version that was read", async () => {
    const server = fakeServer({
      "GET /api/v1/training-days/9": { body: day() },
      "PATCH /api/v1/training-days/9": { body: day({ date: "2026-08-09", version: 4 }) },
    });
    const { user, onSaved } = show();
    fireEvent.change(await screen.findByLabelText("Date"), { target: { value: "2026-08-09" } });
    expect(screen.getByText(/It moves to Sun, Aug 9 with its 37 marks/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save the day" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalled());
    const [sent] = server.sent("PATCH /api/v1/training-days/9");
    expect(sent?.body).toEqual({ date: "2026-08-09" });
    expect(sent?.headers.get("If-Match")).toBe('"3"');
  });

  it("shows what somebody else made of it, keeps the own words, and replaces theirs only when asked again", async () => {
    let now = day();
    const server = fakeServer({
      "GET /api/v1/training-days/9": () => ({ body: now }),
      "PATCH /api/v1/training-days/9": ({ headers }) =>
        headers.get("If-Match") === `"${now.version}"` ? { body: now } : refusal(412, "stale_version"),
    });
    const { user, onSaved } = show();
    const title = await screen.findByLabelText("Title");
    now = day({ title: "Field day", version: 4 });
    await user.clear(title);
    await user.type(title, "Muster");
    await user.click(screen.getByRole("button", { name: "Save the day" }));
    expect(await screen.findByText("Now: Field day, Sat, Aug 8")).toBeInTheDocument();
    expect(title).toHaveValue("Muster");
    expect(onSaved).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Save the day" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalled());
    expect(server.sent("PATCH /api/v1/training-days/9").at(-1)?.body).toEqual({ title: "Muster" });
  });
});

describe("editing a term", () => {
  it("sends what changed, with the version that was read", async () => {
    const server = fakeServer({ "PATCH /api/v1/terms/4": { body: { ...term, version: 3 } } });
    const onSaved = vi.fn();
    const existing = { ...term, name: "MS1", school_year: "2026-2027", semester: "Summer", cadet_course: null, version: 2 };
    const { user } = renderAt("/terms/4", <TermForm term={existing as Term} onClose={vi.fn()} onSaved={onSaved} />);
    expect(options("Semester")).toContain("Summer");
    fireEvent.change(screen.getByLabelText("Last day"), { target: { value: "2026-12-22" } });
    await user.click(screen.getByRole("button", { name: "Save the term" }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalled());
    const [sent] = server.sent("PATCH /api/v1/terms/4");
    expect([sent?.body, sent?.headers.get("If-Match")]).toEqual([{ ends_on: "2026-12-22" }, '"2"']);
  });
});

describe("the policy of a term", () => {
  it("stands in words and tables, by the names that the gradebook has for its parts", () => {
    const policy: Policy = {
      version: 7,
      name: "Two quizzes",
      source: "the commandant",
      maximum: "100",
      attendance: {
        weight: "20",
        credit: { present: "1", late: "1/2", excused: "1", duty: "1", absent: "0" },
        divisor: "fixed",
        fixed_days: 15,
        minimum: "12",
        consecutive_absences: 3,
      },
      aptitude: { weight: "20", base: "100", scale: "100", floor: "0", ceiling: null, merit_cap: "10", minimum: null },
      subject: { weight: "60", exams: [{ exam: "quiz_1", label: "Quiz 1", max: "50" }], minimum: null },
      transmutation: { steps: [{ at_least: "75", grade: "3.00" }], failing: "5.00", before_rounding: false },
      rounding: { decimals: 2, mode: "half_up" },
    };
    renderAt("/terms/4/policy", <PolicyView policy={policy} />);
    const attendance = within(screen.getByRole("region", { name: "Attendance" }));
    expect(attendance.getByRole("row", { name: "Late 1/2 of a day" })).toBeInTheDocument();
    expect(attendance.getByText("Divided by 15 days, however many are held.")).toBeInTheDocument();
    expect(attendance.getByText("Below 12 points the cadet fails, whatever the total.")).toBeInTheDocument();
    expect(within(screen.getByRole("region", { name: "Proficiency" })).getByRole("row", { name: "Quiz 1 50" })).toBeVisible();
    expect(screen.getByRole("row", { name: "Below 75 5.00" })).toBeInTheDocument();
    expect(screen.getByText("No more than 10 merits count.")).toBeInTheDocument();
    expect(screen.queryByText(/never rises/)).toBeNull();
  });
});
