import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { CADET_COURSES, MOST_DAYS_OF_A_SERIES, SEMESTERS } from "@/types/domain";
import type { Term } from "./api/terms";
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

describe("planning the training days", () => {
  it("takes as many days as the server does, and no more", async () => {
    const server = fakeServer({ "POST /api/v1/training-days/series": { status: 201, body: { created: [{}, {}] } } });
    const onSaved = vi.fn();
    const term = { id: 4, starts_on: "2026-08-01", ends_on: "2026-12-19" } as Term;
    const { user } = renderAt("/terms/4", <SeriesForm term={term} onClose={vi.fn()} onSaved={onSaved} />);
    const count = screen.getByLabelText("How many");
    await user.clear(count);
    await user.type(count, String(MOST_DAYS_OF_A_SERIES + 1));
    await user.click(screen.getByRole("button", { name: /^Create/ }));
    expect(screen.getByText(`A number from 1 to ${MOST_DAYS_OF_A_SERIES}.`)).toBeInTheDocument();
    await user.clear(count);
    await user.type(count, String(MOST_DAYS_OF_A_SERIES));
    await user.click(screen.getByRole("button", { name: /^Create/ }));
    await vi.waitFor(() => expect(onSaved).toHaveBeenCalledWith(2));
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.body).toMatchObject({ term_id: 4, count: MOST_DAYS_OF_A_SERIES });
  });
});
