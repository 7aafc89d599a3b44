import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createQueryClient } from "@/lib/query-client";
import { DataTable } from "./DataTable";
import { QueryView } from "./states";

type Row = { id: number; name: string };

// A list of a company, whose next page of rows comes when the test says so.
function Company({ load }: { load: (company: string) => Promise<Row[]> }) {
  const [company, setCompany] = useState("Alpha");
  const query = useQuery({
    queryKey: ["rows", company],
    queryFn: () => load(company),
    placeholderData: (former: Row[] | undefined) => former,
  });
  return (
    <>
      <h1>{company}</h1>
      <button onClick={() => setCompany("Bravo")}>Bravo</button>
      <QueryView query={query} what="The list" skeleton={<p>skeleton</p>}>
        {(rows) => (
          <DataTable
            caption="Cadets"
            columns={[{ id: "name", header: "Name", cell: (row: Row) => <input aria-label={row.name} /> }]}
            rows={rows}
            rowKey={(row) => String(row.id)}
            phone={(row) => row.name}
          />
        )}
      </QueryView>
    </>
  );
}
const draw = (load: (company: string) => Promise<Row[]>) =>
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Company load={load} />
    </QueryClientProvider>,
  );

afterEach(() => void vi.useRealTimers());

describe("rows of a former choice", () => {
  it("are dimmed, said to be busy and not to be typed in, until the chosen ones are there", async () => {
    let come: (rows: Row[]) => void = () => undefined;
    draw((company) =>
      company === "Alpha" ? Promise.resolve([{ id: 1, name: "Abad" }]) : new Promise((resolve) => (come = resolve)),
    );
    const body = () => screen.getByLabelText("Abad").closest("tbody")!;
    await screen.findByLabelText("Abad");
    expect(body()).not.toHaveAttribute("inert");
    act(() => screen.getByRole("button", { name: "Bravo" }).click());
    expect(screen.getByRole("heading", { name: "Bravo" })).toBeVisible();
    expect(body()).toHaveAttribute("aria-busy", "true");
    expect(body()).toHaveAttribute("inert");
    await act(async () => come([{ id: 2, name: "Bautista" }]));
    expect((await screen.findByLabelText("Bautista")).closest("tbody")).not.toHaveAttribute("inert");
  });

  it("are said to be such without a signal, and a list that is not there at all says so too", async () => {
    draw((company) =>
      company === "Alpha" ? Promise.resolve([{ id: 1, name: "Abad" }]) : Promise.reject(new Error("never asked")),
    );
    await screen.findByLabelText("Abad");
    act(() => void window.dispatchEvent(new Event("offline")));
    act(() => screen.getByRole("button", { name: "Bravo" }).click());
    expect(await screen.findByText(/^No signal: what you chose is not on this device yet/)).toBeVisible();
    expect(screen.getByLabelText("Abad").closest("tbody")).toHaveAttribute("inert");
    act(() => void window.dispatchEvent(new Event("online")));
  });
});

describe("a list that hangs", () => {
  it("says after a while that it still waits, and for whom", async () => {
    vi.useFakeTimers();
    draw(() => new Promise(() => undefined));
    expect(screen.queryByText(/takes long/)).not.toBeInTheDocument();
    act(() => void vi.advanceTimersByTime(6_000));
    expect(screen.getByText("RGMS takes long to answer. Still waiting.")).toBeVisible();
  });
});
