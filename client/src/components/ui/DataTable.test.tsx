import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { DataTable, groupRuns, type Column } from "./DataTable";

type Row = { id: number };
const column = (id: string, group?: string): Column<Row> => ({
  id,
  header: id,
  cell: (row) => row.id,
  ...(group ? { group: { id: group, header: group, note: "30" } } : {}),
});

describe("the headings above a table's columns", () => {
  it("span the columns of one group that stand side by side", () => {
    const runs = groupRuns([
      column("name"),
      column("days", "attendance"),
      column("late", "attendance"),
      column("merits", "aptitude"),
      column("state"),
    ]);
    expect(runs.map((run) => [run.group?.id, run.span])).toEqual([
      [undefined, 1],
      ["attendance", 2],
      ["aptitude", 1],
      [undefined, 1],
    ]);
  });

  it("are read out with each column under them", () => {
    render(
      <DataTable
        caption="Grades"
        columns={[column("name"), column("points", "attendance")]}
        rows={[{ id: 1 }]}
        rowKey={(row) => String(row.id)}
        phone={() => null}
      />,
    );
    expect(screen.getByText("30").closest("th")).toHaveAttribute("scope", "colgroup");
    expect(screen.getByRole("columnheader", { name: /^attendance\s*points$/ })).toBeInTheDocument();
  });

  it("are absent where no column has a group", () => {
    render(
      <DataTable
        caption="Cadets"
        columns={[column("name"), column("unit")]}
        rows={[]}
        rowKey={(row) => String(row.id)}
        phone={() => null}
      />,
    );
    expect(screen.getAllByRole("row")).toHaveLength(1);
  });
});
