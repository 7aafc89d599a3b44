import { screen } from "@testing-library/react";
import { Link, Route, Routes, useSearchParams } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { Page } from "./Page";

function Filtered() {
  const [search, setSearch] = useSearchParams();
  return (
    <Page title="Cadets">
      <select
        aria-label="Company"
        value={search.get("company") ?? ""}
        onChange={(event) => setSearch({ company: event.target.value })}
      >
        <option value="">All</option>
        <option value="Alpha">Alpha</option>
      </select>
      <Link to="/staff">Staff</Link>
    </Page>
  );
}

const pages = (
  <Routes>
    <Route path="/cadets" element={<Filtered />} />
    <Route path="/staff" element={<Page title="Training staff">the staff</Page>} />
  </Routes>
);

describe("a page", () => {
  beforeEach(() => void enter(admin));

  it("names the document, and takes the focus when one comes from another", async () => {
    const { user } = renderAt("/cadets", pages);
    expect(document.title).toBe("Cadets · RGMS");
    await user.click(screen.getByRole("link", { name: "Staff" }));
    expect(screen.getByRole("heading", { name: "Training staff" })).toHaveFocus();
    expect(document.title).toBe("Training staff · RGMS");
  });

  it("leaves the focus on a filter that changes the address", async () => {
    const page = renderAt("/cadets", pages);
    const filter = screen.getByRole("combobox", { name: "Company" });
    filter.focus();
    await page.user.selectOptions(filter, "Alpha");
    expect(page.address()).toBe("/cadets?company=Alpha");
    expect(filter).toHaveFocus();
  });
});

describe("the filters of a page", () => {
  beforeEach(() => void enter(admin));
  const page = (
    <Page title="Cadets" tools={<input aria-label="Search" />} filters={{ set: 2, controls: <select aria-label="Company" /> }}>
      rows
    </Page>
  );

  it("stand in the open on a laptop", () => {
    renderAt("/cadets", page);
    expect(screen.getByRole("combobox", { name: "Company" })).toBeVisible();
    expect(screen.queryByRole("button", { name: /Filters/ })).not.toBeInTheDocument();
  });

  it("stand behind one button on a phone, which says how many are set", async () => {
    window.matchMedia = (query: string) =>
      ({
        matches: query.includes("760px"),
        media: query,
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList;
    const { user } = renderAt("/cadets", page);
    expect(screen.queryByRole("combobox", { name: "Company" })).not.toBeInTheDocument();
    const button = screen.getByRole("button", { name: "Filters (2)" });
    expect(button).toHaveAttribute("aria-expanded", "false");
    await user.click(button);
    expect(screen.getByRole("combobox", { name: "Company" })).toBeVisible();
  });
});
