import { screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "@/lib/api-error";
import { renderAt } from "@/testing/render";
import { Button } from "./Button";
import { ConfirmDialog, Dialog } from "./Dialog";
import { TextField } from "./Field";
import { Menu } from "./Menu";

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

function Rename({ removed = false }: { removed?: boolean }) {
  const [open, setOpen] = useState(false);
  const [closed, setClosed] = useState(false);
  const [name, setName] = useState("Alpha");
  const close = () => {
    setOpen(false);
    setClosed(true);
  };
  return (
    <main>
      <h1 tabIndex={-1}>Units</h1>
      {removed && (open || closed) ? null : <Button onClick={() => setOpen(true)}>Rename</Button>}
      {open ? (
        <Dialog open onClose={close} title="Rename the unit" footer={<Button>Save</Button>}>
          <TextField label="Name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </Dialog>
      ) : null}
    </main>
  );
}

describe("a form in a dialog", () => {
  const open = async (ui = <Rename />) => {
    const view = renderAt("/", ui);
    await view.user.click(screen.getByRole("button", { name: "Rename" }));
    return view;
  };

  it("closes on Escape while nothing was changed, even after a look into its fields", async () => {
    const { user } = await open();
    await user.click(screen.getByLabelText("Name"));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("asks on Escape and on its cross when something was, and Escape again goes on", async () => {
    const { user } = await open();
    await user.type(screen.getByLabelText("Name"), "!");
    await user.keyboard("{Escape}");
    expect(screen.getByRole("alertdialog", { name: "What you changed here is not saved." })).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Go on" })).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(screen.getByLabelText("Name")).toHaveValue("Alpha!");
    await user.click(screen.getByRole("button", { name: "Close" }));
    await user.click(screen.getByRole("button", { name: "Throw it away" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    await vi.waitFor(() => expect(screen.getByRole("button", { name: "Rename" })).toHaveFocus());
  });

  it("gives the focus to the heading when its opener is gone", async () => {
    const { user } = await open(<Rename removed />);
    await user.click(screen.getByRole("button", { name: "Close" }));
    await vi.waitFor(() => expect(screen.getByRole("heading", { name: "Units" })).toHaveFocus());
  });
});

function FromMenu() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Menu items={[{ label: "Edit", onSelect: () => setOpen(true) }]}>
        <Button>Change</Button>
      </Menu>
      {open ? <Dialog open onClose={() => setOpen(false)} title="Edit the day" /> : null}
    </>
  );
}

describe("a dialog from a menu", () => {
  it("gives the focus to the button of the menu, since its item is gone", async () => {
    const { user } = renderAt("/", <FromMenu />);
    await user.click(screen.getByRole("button", { name: "Change" }));
    await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
    await screen.findByRole("dialog");
    await user.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.getByRole("button", { name: "Change" })).toHaveFocus());
  });
});

function OneAfterAnother() {
  const [step, setStep] = useState(0);
  return (
    <>
      <Button onClick={() => setStep(1)}>Begin</Button>
      {step > 0 ? (
        <Dialog key={step} open onClose={() => setStep(0)} title={`Step ${step}`}>
          <Button onClick={() => setStep(2)}>Next</Button>
        </Dialog>
      ) : null}
    </>
  );
}

describe("a dialog after another", () => {
  it("gives the focus to what opened the first", async () => {
    const { user } = renderAt("/", <OneAfterAnother />);
    await user.click(screen.getByRole("button", { name: "Begin" }));
    await user.click(screen.getByRole("button", { name: "Next" }));
    await screen.findByRole("dialog", { name: "Step 2" });
    await user.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.getByRole("button", { name: "Begin" })).toHaveFocus());
  });
});
