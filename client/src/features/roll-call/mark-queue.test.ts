import { describe, expect, it, vi } from "vitest";
import { ApiError } from "@/lib/api-error";
import { applyMarks } from "./apply-events";
import type { Mark, MarkResult, RollRow } from "./api/roll";
import { MarkQueue, pendingStatus } from "./mark-queue";

const stored = (marks: readonly Mark[]): MarkResult => ({ stored: marks.map((mark) => mark.id), duplicates: [], rejected: [] });
const offline = () => Promise.reject(new ApiError({ status: 0, code: "NETWORK_ERROR", message: "no signal" }));

describe("marks on their way to the server", () => {
  it("leave the device only when the server has them", async () => {
    const send = vi
      .fn()
      .mockImplementationOnce(offline)
      .mockImplementation((marks: readonly Mark[]) => Promise.resolve(stored(marks)));
    const queue = new MarkQueue(1, send);
    queue.add(7, [{ cadet_id: 3, status: "late" }]);
    await vi.waitFor(() => expect(queue.snapshot().failedSince).not.toBeNull());
    expect(queue.snapshot().waiting).toHaveLength(1);
    await queue.flush();
    expect(queue.snapshot()).toMatchObject({ waiting: [], failedSince: null });
  });

  it("outlive a reload with their ids, so that sending again is harmless", async () => {
    const first = new MarkQueue(2, offline);
    first.add(7, [
      { cadet_id: 3, status: "present" },
      { cadet_id: 4, status: "absent" },
    ]);
    const sent: string[] = [];
    const second = new MarkQueue(2, (marks) => {
      sent.push(...marks.map((mark) => mark.id));
      return Promise.resolve(stored(marks));
    });
    await second.flush();
    expect(sent).toEqual(first.snapshot().waiting.map((mark) => mark.id));
  });

  it("that are refused say why and hold up no other", async () => {
    const queue = new MarkQueue(3, (marks) =>
      Promise.resolve({
        stored: [marks[1]!.id],
        duplicates: [],
        rejected: [{ id: marks[0]!.id, code: "cadet_unknown", message: "Nobody." }],
      }),
    );
    queue.add(7, [
      { cadet_id: 3, status: "present" },
      { cadet_id: 4, status: "absent" },
    ]);
    await vi.waitFor(() => expect(queue.snapshot().waiting).toHaveLength(0));
    expect(queue.snapshot().refused.map((one) => one.message)).toEqual(["Nobody."]);
  });

  it("of one person are not sent as another's", () => {
    new MarkQueue(4, offline).add(7, [{ cadet_id: 3, status: "present" }]);
    expect(new MarkQueue(5, offline).snapshot().waiting).toEqual([]);
  });

  it("show the status each cadet will have", () => {
    const mark = (cadet_id: number, status: Mark["status"], training_day_id = 7): Mark => ({
      id: `${cadet_id}${status}`,
      training_day_id,
      cadet_id,
      status,
      occurred_at: "",
      device_id: "",
      device_seq: 1,
    });
    expect(pendingStatus([mark(3, "present"), mark(3, "absent"), mark(4, "late", 8)], 7)).toEqual(new Map([[3, "absent"]]));
  });
});

describe("marks that somebody else made", () => {
  const row: RollRow = {
    cadet_id: 3,
    student_id: "1",
    name: "A",
    company: null,
    platoon: null,
    status: "late",
    record_id: "r",
    occurred_at: "2026-11-21T01:00:00Z",
    marked_by: 1,
  };
  const event = (status: Mark["status"], occurred_at: string) => ({
    id: "e",
    training_day_id: 7,
    cadet_id: 3,
    status,
    occurred_at,
    actor_id: 9,
  });

  it("replace an earlier one and never a later one, in any order of arrival", () => {
    expect(applyMarks([row], 7, [event("absent", "2026-11-21T01:05:00Z")])[0]!.status).toBe("absent");
    expect(applyMarks([row], 7, [event("absent", "2026-11-21T00:55:00Z")])[0]!.status).toBe("late");
    expect(
      applyMarks([row], 7, [event("absent", "2026-11-21T01:05:00Z"), event("present", "2026-11-21T01:02:00Z")])[0]!.status,
    ).toBe("absent");
  });

  it("of another day change nothing, and a cleared one leaves no mark", () => {
    expect(applyMarks([row], 8, [event("absent", "2026-11-21T01:05:00Z")])[0]).toEqual(row);
    expect(applyMarks([row], 7, [event("none", "2026-11-21T01:05:00Z")])[0]!.status).toBeNull();
  });
});
