import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SharedRealtime } from "./shared";
import type { Connection, Frame } from "./socket";

class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 1;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }
  send() {}
  close() {
    this.readyState = 3;
  }
  hear(type: string, position?: string) {
    this.onmessage?.({ data: JSON.stringify({ type, data: {}, timestamp: "", ...(position ? { position } : {}) }) });
  }
}

// The browser's locks and channels, as far as tabs of one origin need them.
function stubBrowser() {
  const channels = new Set<FakeChannel>();
  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor(readonly name: string) {
      channels.add(this);
    }
    postMessage(data: unknown) {
      for (const other of channels) if (other !== this && other.name === this.name) other.onmessage?.({ data });
    }
    close() {
      channels.delete(this);
    }
  }
  const tails = new Map<string, Promise<unknown>>();
  const request = async (name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>) => {
    const before = tails.get(name) ?? Promise.resolve();
    const turn = before.then(() => (signal.aborted ? undefined : work()));
    tails.set(name, turn);
    await turn;
  };
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  Object.defineProperty(navigator, "locks", { configurable: true, value: { request } });
}

function tab(user = 1) {
  const seen = { frames: [] as Frame[], states: [] as Connection[], resets: 0 };
  const live = new SharedRealtime(`rgms.realtime.${user}`, {
    wsUrl: "wss://live.example",
    credential: async () => ({ ticket: "one" }),
    onFrame: (frame) => seen.frames.push(frame),
    onReset: () => (seen.resets += 1),
    onState: (state) => seen.states.push(state),
  });
  live.start();
  return { live, seen };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.made = [];
  stubBrowser();
});

afterEach(() => {
  Reflect.deleteProperty(navigator, "locks");
});

describe("many tabs of one person", () => {
  it("have one socket, and all of them hear it", async () => {
    const tabs = [tab(), tab(), tab()];
    await settle();
    expect(FakeSocket.made).toHaveLength(1);
    FakeSocket.made[0]!.hear("connection.ready", "e:1");
    FakeSocket.made[0]!.hear("grading.grades.changed", "e:2");
    for (const { seen } of tabs) {
      expect(seen.frames.map((frame) => frame.position)).toEqual(["e:2"]);
      expect(seen.states.at(-1)).toEqual({ kind: "live" });
    }
    tabs.forEach(({ live }) => live.stop());
  });

  it("go on from where they were when the tab with the socket closes", async () => {
    const [first, second] = [tab(), tab()];
    await settle();
    FakeSocket.made[0]!.hear("connection.ready", "e:1");
    FakeSocket.made[0]!.hear("grading.grades.changed", "e:2");
    first.live.stop();
    await settle();
    expect(FakeSocket.made).toHaveLength(2);
    expect(new URL(FakeSocket.made[1]!.url).searchParams.get("position")).toBe("e:2");
    second.live.stop();
  });

  it("tell a tab that comes later how things are", async () => {
    const first = tab();
    await settle();
    FakeSocket.made[0]!.hear("connection.ready", "e:1");
    const second = tab();
    expect(second.seen.states.at(-1)).toEqual({ kind: "live" });
    first.live.stop();
    await settle();
    expect(new URL(FakeSocket.made[1]!.url).searchParams.get("position")).toBe("e:1");
    second.live.stop();
  });

  it("never share with another person on the same device", async () => {
    const [one, other] = [tab(1), tab(2)];
    await settle();
    expect(FakeSocket.made).toHaveLength(2);
    FakeSocket.made[0]!.hear("grading.grades.changed", "e:2");
    expect(one.seen.frames).toHaveLength(1);
    expect(other.seen.frames).toHaveLength(0);
    one.live.stop();
    other.live.stop();
  });
});
