import { act, screen } from "@testing-library/react";
import { Suspense } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { admin, enter } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { AwayPage } from "./away-page";

const signal = (there: boolean) => vi.spyOn(navigator, "onLine", "get").mockReturnValue(there);
const missing = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
const draw = (load: () => Promise<{ Component: () => React.ReactNode }>) =>
  renderAt(
    "/reports",
    <Suspense>
      <AwayPage load={load} />
    </Suspense>,
  );

beforeEach(() => void enter(admin));

describe("a page whose file is not on the device", () => {
  it("says that there is no signal, and comes by itself with it", async () => {
    signal(false);
    const load = vi.fn(missing as () => Promise<{ Component: () => React.ReactNode }>);
    draw(load);
    expect(await screen.findByText("This page is not on this device yet")).toBeVisible();
    expect(screen.queryByText(/newer version/)).not.toBeInTheDocument();
    load.mockResolvedValue({ Component: () => <p>the reports</p> });
    signal(true);
    act(() => void window.dispatchEvent(new Event("online")));
    expect(await screen.findByText("the reports")).toBeVisible();
  });

  it("says that RGMS does not answer where there is a signal and nobody there", async () => {
    signal(true);
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    draw(missing);
    expect(await screen.findByText(/^RGMS does not answer\./)).toBeVisible();
  });

  it("is of an older build where the server answers", async () => {
    signal(true);
    vi.stubGlobal("fetch", async () => new Response(null));
    draw(missing);
    expect(await screen.findByText("A newer version is ready. Reload to go on.")).toBeVisible();
  });
});
