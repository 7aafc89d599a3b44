import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer, refusal, type Asked } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { MOST_POINTS } from "@/types/domain";
import type { Found } from "./api/merits";
import { MeritForm } from "./components/MeritForm";

const ana: Found = { id: 7, name: "Cruz, Ana", unit: "Echo", studentId: "2026-1" };
const idsOf = (one: Asked | undefined) => (one?.body as { records: { id: string }[] }).records.map((record) => record.id);

beforeEach(() => void enter(staff));

describe("recording a merit", () => {
  it("takes as many points as the server does, and no more", async () => {
    const server = fakeServer({ "POST /api/v1/merits/records": { body: { stored: [], duplicates: [], rejected: [] } } });
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
    expect(server.asked[0]?.body).toMatchObject({ records: [{ term_id: 4, cadet_id: 7, kind: "merit", points: MOST_POINTS }] });
  });

  it("sends the same record again after a failure, so that nothing is stored twice", async () => {
    const server = fakeServer({ "POST /api/v1/merits/records": refusal(503, "unavailable") });
    const { user } = renderAt("/merits", <MeritForm termId={4} first={ana} />);
    await user.type(screen.getByLabelText("Reason"), "Carried the colors");
    await user.type(screen.getByLabelText("Points"), "5");
    await user.click(screen.getByRole("button", { name: "Record merit" }));
    await screen.findByRole("alert");
    server.on("POST /api/v1/merits/records", { body: { stored: [], duplicates: [], rejected: [] } });
    await user.click(screen.getByRole("button", { name: "Record merit" }));
    await screen.findByText("Merit of 5 recorded for Cruz, Ana");
    const [first, second] = server.asked;
    expect(idsOf(second)).toEqual(idsOf(first));
  });
});
