import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import type { ImportDetail } from "./api/imports";
import { ImportConflicts } from "./components/ImportConflicts";
import { useImport } from "./api/imports";

const juan = { last_name: "Dela Cruz", first_name: "Juan", student_id: "juan", email: "m@x.ph" };
const candidate = (cadet_id: number, values = juan) => ({
  cadet_id,
  place: null,
  why: "same_email_other_name",
  is_archived: false,
  values,
});
const row = (number: number, decision: string | null, candidates = [candidate(1)]) => ({
  row: number,
  sheet: "Roster",
  action: decision ? "update" : "conflict",
  student_id: "2026-92954",
  name: "Santos, Maria",
  changes: {},
  reasons: [{ code: "same_email_other_name", message: "The e-mail address is that of Dela Cruz, Juan." }],
  cadet_id: decision === "same" ? candidates.at(-1)!.cadet_id : null,
  decision,
  values: { last_name: "Santos", first_name: "Maria", student_id: "2026-92954", email: "m@x.ph" },
  candidates,
});
const preview = (rows: ReturnType<typeof row>[]): ImportDetail =>
  ({
    id: 7,
    status: "preview",
    filename: "r.xlsx",
    summary: { create: 0, update: 0, unchanged: 0, invalid: 0, conflict: rows.length },
    rows,
  }) as unknown as ImportDetail;

const shown = (rows: ReturnType<typeof row>[]) => ({ body: preview(rows) });

function Shown() {
  const found = useImport("7").data;
  return found ? <ImportConflicts found={found} /> : null;
}

const draw = async (rows: ReturnType<typeof row>[], answer: ReturnType<typeof refusal>) => {
  const server = fakeServer({
    "GET /api/v1/cadets/imports/7": shown(rows),
    "PUT /api/v1/cadets/imports/7/decisions": answer,
  });
  const view = renderAt("/", <Shown />);
  await screen.findByText("Who is this?");
  return { ...view, server, said: () => server.asked.filter((one) => one.method === "PUT").map((one) => one.body) };
};
const decision = (number: number, word: string | null, cadet_id: number | null = null) => ({
  decisions: [{ sheet: "Roster", row: number, decision: word, cadet_id, place: null }],
});

beforeEach(() => {
  enter(admin);
});

describe("a row that may be somebody else", () => {
  it("shows both people side by side, and says what differs in words", async () => {
    await draw([row(2, null)], shown([]));
    const cells = within(screen.getByRole("row", { name: /Last name/ })).getAllByRole("cell");
    expect(cells.map((cell) => cell.textContent)).toEqual(["Santos", "Dela Cruz (differs)"]);
    expect(screen.getByText(/1 row waits/)).toBeVisible();
  });

  it("is decided by a button, and the decision can be taken back", async () => {
    const { user, said } = await draw([row(2, null)], shown([row(2, "another")]));
    await user.click(screen.getByRole("button", { name: "Another person" }));
    await user.click(await screen.findByRole("button", { name: "Take back" }));
    await waitFor(() => expect(said()).toEqual([decision(2, "another"), decision(2, null)]));
  });

  it("is decided by a key, and the next row has the focus", async () => {
    const { user, said } = await draw([row(2, null), row(3, null)], shown([row(2, "same"), row(3, null)]));
    screen.getAllByRole("button", { name: "Leave out" })[0]!.focus();
    await user.keyboard("s");
    await waitFor(() => expect(said()).toEqual([decision(2, "same", 1)]));
    const [, second] = screen.getAllByRole("listitem").filter((item) => item.querySelector("table"));
    expect(second!.contains(document.activeElement)).toBe(true);
  });

  it("names which of several it is", async () => {
    const two = [candidate(1), candidate(5, { ...juan, first_name: "Juanito" })];
    const { user, said } = await draw([row(2, null, two)], shown([row(2, "same", two)]));
    await user.click(screen.getByRole("button", { name: "Same as Dela Cruz, Juanito (juan)" }));
    await waitFor(() => expect(said()).toEqual([decision(2, "same", 5)]));
    expect(await screen.findByRole("button", { name: "Same as Dela Cruz, Juanito (juan)", pressed: true })).toBeVisible();
  });

  it("says when nothing was decided, and keeps the question", async () => {
    const { user } = await draw([row(2, null)], refusal(409, "import_not_open", "This import was applied already."));
    await user.click(screen.getByRole("button", { name: "Leave out" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Nothing was decided: This import was applied already.");
    expect(screen.getByText("To decide")).toBeVisible();
  });
});
