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
      <select aria-label="Company" value={search.get("company") ?? ""} onChange={(event) => setSearch({ company: event.target.value })}>
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
