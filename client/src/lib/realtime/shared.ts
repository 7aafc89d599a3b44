import { RealtimeSocket, type Connection, type Frame, type SocketOptions } from "./socket";

type Told =
  | { kind: "hello" }
  | { kind: "frame"; frame: Frame }
  | { kind: "reset"; position: string | null }
  | { kind: "state"; state: Connection; position: string | null };

/**
 * One socket for all tabs of a person. The tab that holds the lock has the socket and passes on what it hears;
 * when it closes, the next one takes the lock and goes on from the last position that all of them know.
 */
export class SharedRealtime {
  private readonly socket: RealtimeSocket;
  private readonly channel: BroadcastChannel | null;
  private readonly stopped = new AbortController();
  private position: string | null = null;
  private leads = false;

  constructor(
    private readonly name: string,
    private readonly options: SocketOptions,
  ) {
    this.channel = "BroadcastChannel" in window && "locks" in navigator ? new BroadcastChannel(name) : null;
    this.socket = new RealtimeSocket({
      ...options,
      onFrame: (frame) => {
        options.onFrame(frame);
        this.tell({ kind: "frame", frame });
      },
      onReset: () => {
        options.onReset();
        this.tell({ kind: "reset", position: this.socket.position });
      },
      onState: (state) => {
        options.onState(state);
        this.tell({ kind: "state", state, position: this.socket.position });
      },
    });
  }

  start(): void {
    if (!this.channel) {
      this.socket.start(null);
      return;
    }
    this.channel.onmessage = (event: MessageEvent<Told>) => this.hear(event.data);
    this.tell({ kind: "hello" });
    const { signal } = this.stopped;
    navigator.locks.request(this.name, { signal }, () => this.lead(signal)).catch(() => undefined); // Only an abort ends here: this tab stopped before its turn came.
  }

  stop(): void {
    this.stopped.abort();
    this.socket.stop();
    this.channel?.close();
  }

  authenticate(token: string): void {
    this.socket.authenticate(token);
  }

  private lead(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    this.leads = true;
    this.socket.start(this.position);
    return new Promise((release) => signal.addEventListener("abort", () => release(), { once: true }));
  }

  private tell(what: Told): void {
    if (!this.stopped.signal.aborted) this.channel?.postMessage(what);
  }

  private hear(told: Told): void {
    if (this.leads) {
      if (told.kind === "hello") this.tell({ kind: "state", state: this.socket.state, position: this.socket.position });
      return;
    }
    if (told.kind === "frame") {
      if (told.frame.position) this.position = told.frame.position;
      this.options.onFrame(told.frame);
    } else if (told.kind !== "hello") {
      this.position = told.position;
      if (told.kind === "reset") this.options.onReset();
      else this.options.onState(told.state);
    }
  }
}
