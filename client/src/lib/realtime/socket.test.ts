import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff, RealtimeSocket, type Connection, type Frame } from "./socket";

/** The browser's socket, driven by the test. */
class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 1;
  sent: string[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  hear(type: string, data: unknown = {}, position?: string) {
    this.onmessage?.({
      data: JSON.stringify({ type, data, timestamp: "2026-11-21T00:00:00Z", ...(position ? { position } : {}) }),
    });
  }
  break(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  get query() {
    return new URL(this.url).searchParams;
  }
}

let states: Connection[];
let frames: Frame[];
let resets: number;
let refusals: boolean[];
let socket: RealtimeSocket;
const last = () => FakeSocket.made.at(-1)!;
const kind = () => states.at(-1)?.kind;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.made = [];
  [states, frames, resets, refusals] = [[], [], 0, []];
  socket = new RealtimeSocket({
    wsUrl: "wss://live.example",
    credential: async (afterRefusal) => {
      refusals.push(afterRefusal);
      return { ticket: "ticket-1" };
    },
    onFrame: (frame) => frames.push(frame),
    onReset: () => (resets += 1),
    onState: (state) => states.push(state),
  });
  socket.start(null);
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

const comeBack = () => vi.advanceTimersByTimeAsync(31_000);

describe("a socket", () => {
  it("[8.2] opens at the WebSocket address, with a ticket and no token in sight", () => {
    expect(last().url).toMatch(/^wss:\/\/live\.example\/ws\/updates\/\?/);
    expect(last().query.get("ticket")).toBe("ticket-1");
    expect(last().query.get("token")).toBeNull();
    expect(last().query.get("position")).toBeNull();
  });

  it("is live only when the server says so", () => {
    expect(kind()).toBe("connecting");
    last().hear("connection.ready", { position: "e:1" });
    expect(kind()).toBe("live");
  });

  it("comes back by itself and asks for what it missed", async () => {
    last().hear("connection.ready", { position: "e:1" });
    last().hear("grading.grades.changed", { rows: [] }, "e:7");
    last().break();
    expect(kind()).toBe("reconnecting");
    await comeBack();
    expect(FakeSocket.made).toHaveLength(2);
    expect(last().query.get("position")).toBe("e:7");
    // The new connection's own position must not jump over what is still to be replayed.
    last().hear("connection.ready", { position: "e:9" });
    last().break();
    await comeBack();
    expect(last().query.get("position")).toBe("e:7");
  });

  it("has everything read again when events were missed for good", () => {
    last().hear("connection.reset", { position: "f:1" });
    expect(resets).toBe(1);
    expect(frames).toHaveLength(0);
  });

  it("renews the token before it comes back from a refusal", async () => {
    last().break(4401);
    await comeBack();
    expect(refusals).toEqual([false, true]);
  });

  it("notices a dead connection by a ping that nobody answers", async () => {
    last().hear("connection.ready");
    await vi.advanceTimersByTimeAsync(25_000);
    expect(last().sent).toContain(JSON.stringify({ type: "ping" }));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(states.some((state) => state.kind === "reconnecting")).toBe(true);
  });

  it("stays where pings are answered, however quiet it is", async () => {
    last().hear("connection.ready");
    for (let minute = 0; minute < 5; minute += 1) {
      await vi.advanceTimersByTimeAsync(20_000);
      last().hear("pong");
    }
    expect(FakeSocket.made).toHaveLength(1);
    expect(kind()).toBe("live");
  });

  it("tells since when it hears nothing", async () => {
    const before = Date.now();
    last().break();
    await comeBack();
    last().break();
    expect(states.at(-1)).toMatchObject({ kind: "reconnecting", since: before });
  });

  it("survives what is not a frame", () => {
    last().onmessage?.({ data: "<html>" });
    last().hear("connection.ready");
    expect(kind()).toBe("live");
  });
});

it("waits longer each time, never the same for everyone, and at most half a minute", () => {
  expect(backoff(0, () => 0)).toBe(250);
  expect(backoff(0, () => 1)).toBe(500);
  expect(backoff(3, () => 1)).toBe(4_000);
  expect(backoff(50, () => 1)).toBe(30_000);
});
