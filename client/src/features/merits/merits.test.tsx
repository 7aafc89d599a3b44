import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { DeviceStore } from "@/lib/offline/device-store";
import { fakeServer, type Asked } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { MOST_POINTS } from "@/types/domain";
import type { Found } from "./api/merits";
import { MeritForm } from "./components/MeritForm";

const ana: Found = { id: 7, name: "Cruz, Ana", unit: "Echo", studentId: "2026-1" };
const idsOf = (one: Asked | undefined) => (one?.body as { records: { id: string }[] }).records.map((record) => record.id);

beforeEach(() => void enter(staff));

const storesAll = (one: Asked) => ({ body: { stored: idsOf(one), duplicates: [], rejected: [] } });

describe("recording a merit", () => {
  it("takes as many points as the server does, and no more", async () => {
    const server = fakeServer({ "POST /api/v1/merits/records": storesAll });
    const { user } = renderAt("/merits", <MeritForm termId={4} first={ana} />);
    await user.type(screen.getByLabelText("Reason"), "Carried the colors");
    await user.type(screen.getByLabelText("Points"), String(MOST_POINTS + 1));
    await user.click(screen.getByRole("button", { name: "Record merit" }));
    expect(screen.getByLabelText("Points")).toBeInvalid();
    expect(server.asked).toHaveLength(0);
    await user.clear(screen.getByLabelText("Points"));
    await user.type(screen.getByLabelText("Points"), String(MOST_POINTS));
    await user.click(screen.getByRole("button", { name: "Record merit" }));
    await screen.findByText(`Merit of ${MOST_POINTS} recorded for Cruz, Ana`);
    expect(server.asked[0]?.body).toMatchObject({
      actor: staff.id,
      records: [{ term_id: 4, cadet_id: 7, kind: "merit", points: MOST_POINTS }],
    });
  });

  it("keeps it on the device while RGMS does not answer, says so, and takes it back from there", async () => {
    const server = fakeServer({});
    const { user } = renderAt("/merits", <MeritForm termId={4} first={ana} />);
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    await user.type(screen.getByLabelText("Reason"), "Carried the colors");
    await user.type(screen.getByLabelText("Points"), "5");
    await user.click(screen.getByRole("button", { name: "Record merit" }));
    await screen.findByText("Merit of 5 for Cruz, Ana is kept on this device. It is sent as soon as RGMS answers.");
    expect(screen.getByLabelText("Points")).toHaveValue("");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("Taken back");
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(true);
    window.dispatchEvent(new Event("online"));
    expect(server.asked).toHaveLength(0);
  });

  it("shows a refusal where it can be mended, and the mended one takes the place of the refused", async () => {
    const no = "The term is locked.";
    const server = fakeServer({
      "POST /api/v1/merits/records": (one) => ({
        body: { stored: [], duplicates: [], rejected: idsOf(one).map((id) => ({ id, code: "term_locked", message: no })) },
      }),
    });
    const { user } = renderAt("/merits", <MeritForm termId={4} first={ana} />);
    await user.type(screen.getByLabelText("Reason"), "Carried the colors");
    await user.type(screen.getByLabelText("Points"), "5");
    await user.click(screen.getByRole("button", { name: "Record merit" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(`Cruz, Ana: ${no}`);
    expect(screen.getByLabelText("Reason")).toHaveValue("Carried the colors");
    server.on("POST /api/v1/merits/records", storesAll);
    await user.click(screen.getByRole("button", { name: "Record merit" }));
    await screen.findByText("Merit of 5 recorded for Cruz, Ana");
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    expect(await new DeviceStore().of(staff.id)).toEqual([]);
  });
});
