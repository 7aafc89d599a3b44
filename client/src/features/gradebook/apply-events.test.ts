import { describe, expect, it } from "vitest";
import type { Page } from "@/lib/api-client";
import type { GradebookRow } from "./api/gradebook";
import { applyGrades } from "./apply-events";

const row = (cadet_id: number, version: number, final: string | null = null): GradebookRow => ({
  cadet_id,
  term_id: 4,
  version,
  final,
  student_id: "",
  name: "",
  company: null,
  platoon: null,
  days_counted: 0,
  days_present: 0,
  late: 0,
  excused: 0,
  duty: 0,
  absent: 0,
  merits: 0,
  demerits: 0,
  scores: { prelim: null, midterm: null, final: null },
  attendance: null,
  aptitude: null,
  subject: null,
  transmuted: null,
  passed: null,
  so_far: null,
  worst: null,
  best: null,
  outlook: "open",
  state: "no_data",
  missing: [],
});
const page = (...data: GradebookRow[]): Page<GradebookRow> => ({
  data,
  page: 1,
  limit: 50,
  total: data.length,
  next_cursor: null,
});

describe("a gradebook that follows other people's marks", () => {
  it("takes a newer version in place, and never an older one", () => {
    const before = page(row(1, 5, "80.00"), row(2, 1));
    expect(applyGrades(before, [row(1, 6, "81.00")]).data.map((one) => one.final)).toEqual(["81.00", null]);
    expect(applyGrades(before, [row(1, 5, "79.00"), row(1, 4, "78.00")])).toBe(before);
  });

  it("does not add who is not on the page", () => {
    const before = page(row(1, 1));
    expect(applyGrades(before, [row(9, 3)])).toBe(before);
  });
});
