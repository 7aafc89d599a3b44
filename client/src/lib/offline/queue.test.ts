import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeServer, refusal, type Asked } from "@/testing/fake-server";
import { enter, staff, admin } from "@/testing/people";
import { endSession } from "@/lib/session";
import { DeviceStore } from "./device-store";
import type { Draft } from "./facts";
import { OfflineQueue } from "./queue";

const MARKS = "POST /api/v1/attendance/marks";
type Sent = { actor: number; marks: { id: string; cadet_id: number; device_id: string; device_seq: number }[] };
const sentIn = (one: Asked) => one.body as Sent;
const takesAll = (one: Asked) => ({ body: { stored: sentIn(one).marks.map((mark) => mark.id), duplicates: [], rejected: [] } });

const about = { who: "Cruz, Ana", what: "Present", where: "Day 1", to: "/training-days/7" };
const mark = (cadet_id: number): Draft => ({
  kind: "attendance",
  body: { training_day_id: 7, cadet_id, status: "present" },
  about,
});

// Tabs of one browser: they share its database, its locks and its channels.
const tabs: OfflineQueue[] = [];
function tab(user = staff, store?: DeviceStore): OfflineQueue {
  const queue = new OfflineQueue({ id: user.id, name: user.display_name }, store ? { store } : {});
  tabs.push(queue);
  return queue;
}
function signal(there: boolean) {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(there);
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  enter(staff);
  const tails = new Map<string, Promise<unknown>>();
  const request = (name: string, work: () => Promise<void>) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work);
    tails.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
  Object.defineProperty(navigator, "locks", { configurable: true, value: { request } });
});
afterEach(() => {
  tabs.splice(0).forEach((one) => one.stop());
  Reflect.deleteProperty(navigator, "locks");
});

describe("what waits on a device", () => {
  it("is there after a reload with its ids, and leaves only when the server has it", async () => {
    const server = fakeServer({});
    const before = tab();
    await before.start();
    const made = await before.add([mark(3), mark(4)]);
    await vi.waitFor(() => expect(before.snapshot().stalled?.why).toBe("no-answer"));
    before.stop();
    server.on(MARKS, takesAll);
    const after = tab();
    await after.start();
    expect(sentIn(server.sent(MARKS).at(-1)!).marks.map((one) => one.id)).toEqual(made.map((fact) => fact.id));
    expect(after.snapshot()).toMatchObject({ waiting: [], stalled: null });
    expect(await new DeviceStore().of(staff.id)).toEqual([]);
  });

  it("made in two tabs is sent once each, in one order of the device", async () => {
    const server = fakeServer({ [MARKS]: takesAll });
    signal(false);
    const [one, other] = [tab(), tab()];
    await Promise.all([one.start(), other.start()]);
    for (const cadet of [1, 3, 5, 7, 9]) await Promise.all([one.add([mark(cadet)]), cadet < 9 && other.add([mark(cadet + 1)])]);
    await vi.waitFor(() => expect([one, other].map((queue) => queue.snapshot().waiting.length)).toEqual([9, 9]));
    signal(true);
    await Promise.all([one.flush(), other.flush()]);
    const all = server.sent(MARKS).flatMap((asked) => sentIn(asked).marks);
    expect(new Set(all.map((sent) => sent.id)).size).toBe(9);
    expect(all).toHaveLength(9);
    expect(new Set(all.map((sent) => sent.device_id)).size).toBe(1);
    expect(all.map((sent) => sent.device_seq).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await vi.waitFor(() => expect(other.snapshot().arrived.length + one.snapshot().arrived.length).toBe(18));
  });

  it("of one person is never sent with another's token, and waits locked until that person is back", async () => {
    const server = fakeServer({ [MARKS]: takesAll });
    signal(false);
    const first = tab(staff);
    await first.start();
    await first.add([mark(3)]);
    signal(true);
    enter(admin);
    await first.flush();
    expect(server.asked).toHaveLength(0);
    expect(first.snapshot().stalled?.why).toBe("other-account");
    first.stop();
    const second = tab(admin);
    await second.start();
    expect(second.snapshot()).toMatchObject({ waiting: [], others: [{ id: staff.id, name: staff.display_name, count: 1 }] });
    expect(server.asked).toHaveLength(0);
    second.stop();
    enter(staff);
    await tab(staff).start();
    const [asked] = server.sent(MARKS);
    expect(sentIn(asked!).actor).toBe(staff.id);
    expect(asked!.headers.get("Authorization")).toBe("Bearer token-1");
  });

  it("stays when the session changes hands while a renewed token is asked for", async () => {
    const server = fakeServer({
      [MARKS]: refusal(401, "token_expired"),
      "POST /api/v1/auth/refresh": () => {
        enter(admin);
        return { body: { token: "admins", refresh_token: "r", expires_in: 900, user: admin } };
      },
    });
    const queue = tab();
    await queue.start();
    await queue.add([mark(3)]);
    await vi.waitFor(() => expect(queue.snapshot().stalled?.why).toBe("other-account"));
    expect(server.sent(MARKS)).toHaveLength(1);
    expect(queue.snapshot().waiting).toHaveLength(1);
  });

  it("keeps what is refused with its reason, holds up no other, and takes it up again, or lets it go and come back", async () => {
    const server = fakeServer({
      [MARKS]: (asked) => {
        const [first, ...rest] = sentIn(asked).marks;
        return {
          body: {
            stored: rest.map((one) => one.id),
            duplicates: [],
            rejected: [{ id: first!.id, code: "cadet_unknown", message: "Nobody." }],
          },
        };
      },
    });
    const queue = tab();
    await queue.start();
    await queue.add([mark(3), mark(4)]);
    await vi.waitFor(() => expect(queue.snapshot().refused).toHaveLength(1));
    expect(queue.snapshot().waiting).toHaveLength(0);
    const { refused } = queue.snapshot();
    expect(refused[0]!.refusal).toMatchObject({ code: "cadet_unknown", message: "Nobody." });
    await queue.discard(refused);
    expect(queue.snapshot().refused).toEqual([]);
    await queue.restore(refused);
    expect(queue.snapshot().refused).toEqual(refused);
    server.on(MARKS, takesAll);
    await queue.retry(refused);
    expect(queue.snapshot()).toMatchObject({ waiting: [], refused: [] });
  });

  it("that the server cannot read does not take its neighbours with it", async () => {
    fakeServer({
      [MARKS]: (asked) =>
        sentIn(asked).marks.some((one) => one.cadet_id === 13) ? refusal(422, "validation_error", "No.") : takesAll(asked),
    });
    const queue = tab();
    await queue.start();
    await queue.add(Array.from({ length: 20 }, (_, index) => mark(index + 1)));
    await queue.flush();
    expect(queue.snapshot().waiting).toEqual([]);
    expect(queue.snapshot().refused.map((fact) => fact.body.cadet_id)).toEqual([13]);
  });

  it.each([
    ["a proxy's page", { status: 403 }],
    ["a page that wants a sign-in of its own", { status: 200 }],
    ["an answer about other records", { body: { stored: ["x"], duplicates: [], rejected: [] } }],
    ["a killed service", refusal(503, "upstream_unavailable")],
  ])("waits through %s", async (_, answer) => {
    fakeServer({ [MARKS]: answer });
    const queue = tab();
    await queue.start();
    await queue.add([mark(3)]);
    await queue.flush();
    expect(queue.snapshot()).toMatchObject({ refused: [], stalled: { why: "no-answer" } });
    expect(queue.snapshot().waiting).toHaveLength(1);
  });

  it("waits while the account owes a password of its own", async () => {
    fakeServer({ [MARKS]: refusal(403, "password_due") });
    const queue = tab();
    await queue.start();
    await queue.add([mark(3)]);
    await queue.flush();
    expect(queue.snapshot()).toMatchObject({ refused: [], stalled: { why: "account-due" } });
  });

  it("that had no effect stays with what stands in its place, and goes out again as a correction of it", async () => {
    const current = { record_id: "theirs", actor_id: 9, device_id: "other", status: "late", value: null };
    const effect = { effect: "none", reason: "older_than_the_current", message: "A later one stands.", replaced: null };
    const server = fakeServer({
      [MARKS]: (asked) => {
        const { body } = takesAll(asked);
        return { body: { ...body, effects: body.stored.map((id) => ({ id, ...effect, current })) } };
      },
    });
    const queue = tab();
    await queue.start();
    await queue.add([mark(3)]);
    await vi.waitFor(() => expect(queue.snapshot().refused).toHaveLength(1));
    const { refused } = queue.snapshot();
    expect(refused[0]!.refusal).toMatchObject({ stored: true, code: "older_than_the_current", current });
    server.on(MARKS, takesAll);
    await queue.insist(refused);
    await queue.flush();
    expect(queue.snapshot()).toMatchObject({ waiting: [], refused: [] });
    const again = sentIn(server.sent(MARKS).at(-1)!).marks;
    expect(again).toMatchObject([{ cadet_id: 3, supersedes: "theirs" }]);
    expect(again[0]!.id).not.toBe(refused[0]!.id);
  });

  it("and was changed since by the same person on this device is nobody's conflict", async () => {
    fakeServer({
      [MARKS]: (asked) => {
        const { body } = takesAll(asked);
        const [first, last] = [sentIn(asked).marks[0]!, sentIn(asked).marks.at(-1)!];
        const current = { record_id: last.id, actor_id: staff.id, device_id: last.device_id, status: "late", value: null };
        const effect = { effect: "none", reason: "older_than_the_current", message: "", replaced: null, current };
        return { body: { ...body, effects: [{ id: first.id, ...effect }] } };
      },
    });
    const queue = tab();
    await queue.start();
    await queue.add([mark(3), mark(3)]);
    await queue.flush();
    expect(queue.snapshot()).toMatchObject({ waiting: [], refused: [] });
  });

  it("waits for its owner after the session ended", async () => {
    fakeServer({ [MARKS]: refusal(401, "token_expired"), "POST /api/v1/auth/refresh": refusal(401, "refresh_invalid") });
    const queue = tab();
    await queue.start();
    await queue.add([mark(3)]);
    await queue.flush();
    expect(queue.snapshot().stalled?.why).toMatch(/signed-out|other-account/);
    endSession("signed-out");
    expect(await new DeviceStore().of(staff.id)).toHaveLength(1);
  });
});

describe("marks that an earlier version left in localStorage", () => {
  it("are taken over once, under whom they were recorded, and the device's numbers go on", async () => {
    const former = { id: "0193", training_day_id: 7, cadet_id: 3, status: "late", occurred_at: "2026-11-21T01:00:00Z" };
    localStorage.setItem(`rgms.marks.${staff.id}`, JSON.stringify([{ ...former, device_id: "phone", device_seq: 41 }]));
    localStorage.setItem("rgms.device", "phone");
    localStorage.setItem("rgms.device-seq", "41");
    const server = fakeServer({ [MARKS]: takesAll });
    enter(admin);
    const others = tab(admin);
    await others.start();
    expect(others.snapshot().others).toMatchObject([{ id: staff.id, count: 1 }]);
    expect(server.asked).toHaveLength(0);
    others.stop();
    enter(staff);
    const own = tab(staff);
    await own.start();
    expect(sentIn(server.asked[0]!)).toEqual({ actor: staff.id, marks: [{ ...former, device_id: "phone", device_seq: 41 }] });
    const [next] = await own.add([mark(4)]);
    expect(next!.body).toMatchObject({ device_id: "phone", device_seq: 42 });
    expect(localStorage.getItem(`rgms.marks.${staff.id}`)).toBeNull();
  });
});

describe("a browser that keeps nothing", () => {
  it("says so, sends at once, and moves what it holds to the device when that works again", async () => {
    const server = fakeServer({});
    let full = true;
    const real = new DeviceStore();
    const store = new DeviceStore(async () => ({
      ...{ of: (id) => real.of(id), holders: () => real.holders(), remove: (ids) => real.remove(ids) },
      ...{ refuse: (refusals) => real.refuse(refusals), close: () => undefined },
      add: (...args) => (full ? Promise.reject(new DOMException("full", "QuotaExceededError")) : real.add(...args)),
      keep: (facts) => (full ? Promise.reject(new DOMException("full", "QuotaExceededError")) : real.keep(facts)),
    }));
    const queue = tab(staff, store);
    await queue.start();
    await queue.add([mark(3)]);
    expect(queue.snapshot()).toMatchObject({ lasting: false });
    expect(queue.snapshot().waiting).toHaveLength(1);
    await vi.waitFor(() => expect(server.sent(MARKS).length).toBeGreaterThan(0));
    full = false;
    await queue.flush();
    await queue.add([mark(4)]);
    expect(await real.of(staff.id)).toHaveLength(2);
    expect(queue.snapshot().lasting).toBe(true);
  });
});
