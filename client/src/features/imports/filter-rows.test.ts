import { describe, expect, it } from "vitest";
import type { ImportAction, ImportRow, ImportSummary } from "./api/imports";
import { notReadCount, refusedCount, rowCount, rowsOf, toApply } from "./filter-rows";

const row = (action: ImportAction, number: number) => ({ action, row: number }) as ImportRow;
const rows = [row("update", 2), row("ignored", 3), row("invalid", 4), row("create", 5), row("duplicate", 6)];
const numbers = (filter: Parameters<typeof rowsOf>[1]) => rowsOf(rows, filter).map((one) => one.row);

describe("the rows of an import", () => {
  it("show first what somebody must decide", () => {
    expect(rowsOf([...rows, row("conflict", 9)], "all")[0]!.row).toBe(9);
    expect(rowsOf([...rows, row("conflict", 9)], "conflict").map((one) => one.row)).toEqual([9]);
  });
  it("show what was left out first, then the file's own order", () => expect(numbers("all")).toEqual([4, 6, 2, 5, 3]));
  it("count a duplicate among those left out", () => expect(numbers("invalid")).toEqual([4, 6]));
  it("are narrowed to one kind", () => expect(numbers("create")).toEqual([5]));
  it("add up to the rows of the file", () => {
    const summary = { create: 1, update: 1, unchanged: 0, invalid: 1, duplicate: 1, ignored: 1 } as ImportSummary;
    expect([refusedCount(summary), toApply(summary), notReadCount(summary), rowCount(summary)]).toEqual([2, 2, 1, 5]);
  });
});
