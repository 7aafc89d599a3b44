import { screen, waitFor, within } from "@testing-library/react";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import { Component as ImportPage } from "./detail";
import { fakeServer, refusal } from "@/testing/fake-server";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import type { ImportDetail, ImportRow } from "@/features/imports/api/imports";
import { fieldsOf, valuesToSend } from "@/features/imports/mended-row";

const PATCH = "PATCH /api/v1/cadets/imports/7";
const row = (number: number, more: Partial<ImportRow>): ImportRow => ({
  row: number,
  sheet: "MS1",
  action: "create",
  student_id: `2026-${number}`,
  name: `Reyes${number}, Ana`,
  changes: {},
  reasons: [],
  cadet_id: null,
  company: "Alpha",
  platoon: "1st Platoon",
  ...more,
});
const refusedRow = row(3, {
  action: "invalid",
  name: "Ana",
  reasons: [{ code: "missing_last_name", message: "There is no last name." }],
  given: { student_id: "2026-3", first_name: "Ana", religion: "Islam" },
});
const preview: ImportDetail = {
  id: 7,
  status: "preview",
  filename: "ms1.xlsx",
  revision: 4,
  created_at: "2026-11-25T00:00:00Z",
  applied_at: null,
  undone_at: null,
  summary: { create: 1, update: 0, unchanged: 0, invalid: 1, ignored: 1 },
  layout: {
    sheets: [
      { name: "MS1", hidden: false, read: true, header_row: 12, rows: 3, unknown_columns: ["Shoe size", "D"] },
      { name: "Old", hidden: true, read: false, header_row: 1, rows: 9, unknown_columns: [] },
      { name: "Notes", hidden: false, read: false, header_row: null, rows: 0, unknown_columns: [] },
    ],
    dates: { count: 2, example: "04/05/2006", order: null },
  },
  rows: [row(2, {}), refusedRow, row(4, { action: "ignored", name: "", student_id: null })],
};

const page = (
  <Routes>
    <Route path="/imports/:importId" element={<ImportPage />} />
  </Routes>
);

beforeEach(() => void enter(admin));

const open = (patch: Parameters<typeof fakeServer>[0][string] = { body: { ...preview, revision: 5 } }) => {
  const asked = fakeServer({ "GET /api/v1/cadets/imports/7": { body: preview }, [PATCH]: patch });
  return { asked, ...renderAt("/imports/7", page) };
};

describe("the preview of an import", () => {
  it("names sheets, hidden ones, and the columns that are not read", async () => {
    open();
    const sheets = within(await screen.findByRole("list", { name: "Sheets of the file" }));
    expect(sheets.getByText(/Columns that are not read: Shoe size, D\./)).toBeInTheDocument();
    expect(sheets.getByText("hidden sheet")).toBeInTheDocument();
    expect(sheets.getByText("No header row was found; nothing of it is read.")).toBeInTheDocument();
    expect(screen.queryByText(/object Object/)).toBeNull();
    expect(screen.getByText("3 rows in 1 sheet")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: /1\s*not read/ })).toBeInTheDocument();
  });

  it("switches a hidden sheet on and asks which part of a date is the day", async () => {
    const { asked, user } = open();
    await user.click(await screen.findByRole("checkbox", { name: /Old/ }));
    await user.click(screen.getByRole("radio", { name: "4 May" }));
    await waitFor(() => expect(asked.sent(PATCH)).toHaveLength(2));
    expect(asked.sent(PATCH).map((one) => one.body)).toEqual([{ sheets: { Old: true } }, { date_order: "day_first" }]);
  });

  it("mends a refused row with the cells that were changed", async () => {
    const { asked, user } = open();
    await user.click(await screen.findByRole("button", { name: "Mend MS1, row 3" }));
    const dialog = within(screen.getByRole("dialog", { name: "Mend MS1, row 3" }));
    expect(dialog.getByText("There is no last name.")).toBeInTheDocument();
    await user.type(dialog.getByLabelText("Last name"), "Cruz");
    await user.click(dialog.getByRole("button", { name: "Mend the row" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked.sent(PATCH)[0]?.body).toEqual({ rows: [{ sheet: "MS1", row: 3, values: { last_name: "Cruz" } }] });
  });

  it("says that somebody changed the preview meanwhile", async () => {
    const { user } = open(refusal(412, "stale_version", "Someone changed this."));
    await user.click(await screen.findByRole("button", { name: "Leave out MS1, row 2" }));
    expect(await screen.findByText(/Somebody changed this preview meanwhile/)).toBeInTheDocument();
  });
});

describe("the cells of a row to mend", () => {
  it("are the usual ones and whatever else the file gives", () => {
    expect(fieldsOf(refusedRow)).toContain("last_name");
    expect(fieldsOf(refusedRow)).toContain("religion");
    expect(fieldsOf(row(2, { given: { full_name: "Reyes, Ana" } }))).not.toContain("last_name");
  });
  it("are sent when they differ from the file or were mended before", () => {
    const mended = { ...refusedRow, given: { ...refusedRow.given, last_name: "Cruz" }, mended: ["last_name"] };
    expect(valuesToSend(mended, { last_name: "Cruz", first_name: "Ana ", religion: "" })).toEqual({
      last_name: "Cruz",
      religion: "",
    });
  });
});
