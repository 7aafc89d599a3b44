import { screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "@/lib/api-error";
import { renderAt } from "@/testing/render";
import { Button } from "./Button";
import { ConfirmDialog } from "./Dialog";

function Archive({ run }: { run: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Archive</Button>
      {open ? (
        <ConfirmDialog
          open
          onClose={() => setOpen(false)}
          title="Archive 14 cadets?"
          body="Their records stay."
          confirm="Archive 14 cadets"
          keep="Keep them"
          danger
          onConfirm={run}
        />
      ) : null}
    </>
  );
}

describe("a question", () => {
  it("names the thing and the number, and gives the focus back", async () => {
    const { user } = renderAt("/", <Archive run={async () => undefined} />);
    await user.click(screen.getByRole("button", { name: "Archive" }));
    expect(screen.getByRole("dialog", { name: "Archive 14 cadets?" })).toHaveAccessibleDescription("Their records stay.");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await vi.waitFor(() => expect(screen.getByRole("button", { name: "Archive" })).toHaveFocus());
  });

  it("stays open with the reason when it failed", async () => {
    const run = vi
      .fn()
      .mockRejectedValueOnce(new ApiError({ status: 0, code: "NETWORK_ERROR", message: "" }))
      .mockResolvedValueOnce(undefined);
    const { user } = renderAt("/", <Archive run={run} />);
    await user.click(screen.getByRole("button", { name: "Archive" }));
    await user.click(screen.getByRole("button", { name: "Archive 14 cadets" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("could not be reached");
    await user.click(screen.getByRole("button", { name: "Archive 14 cadets" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("leaves no inline style element behind, which the content policy would refuse", async () => {
    const { user } = renderAt("/", <Archive run={async () => undefined} />);
    await user.click(screen.getByRole("button", { name: "Archive" }));
    expect(document.querySelectorAll("style")).toHaveLength(0);
  });
});
