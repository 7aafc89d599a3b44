export type Frame<T = unknown> = { type: string; data: T; timestamp: string; position?: string };

export type Connection =
  | { kind: "idle" }
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "reconnecting"; since: number; retryAt: number }
  | { kind: "offline"; since: number };

export type Credential = { ticket: string } | { token: string };

export type SocketOptions = {
  wsUrl: string;
  /** What opens a socket now; null when the session is over. A one-use ticket keeps the token out of addresses and logs. */
  credential: (afterRefusal: boolean) => Promise<Credential | null>;
  onFrame: (frame: Frame) => void;
  /** Events were missed for good: everything on the screen must be read again. */
  onReset: () => void;
  onState: (state: Connection) => void;
};

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const PING_EVERY = 20_000;
const ANSWER_WITHIN = 15_000;
const REFUSED = new Set([4401, 4001, 1008]);

/** Full jitter: a thousand phones that lost one server must not come back in the same second. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}

/** One socket. Keeps its position, comes back by itself, and says how it is. */
export class RealtimeSocket {
  private socket: WebSocket | null = null;
  position: string | null = null;
  private attempt = 0;
  private since = 0;
  private refused = false;
  private stopped = true;
  private timer: number | undefined;
  private pulse: number | undefined;
  private heardAt = 0;
  private pingedAt = 0;
  state: Connection = { kind: "idle" };

  constructor(private readonly options: SocketOptions) {}

  /** `position`: where another tab's socket ended; null starts with what comes from now on. */
  start(position: string | null): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.position = position;
    window.addEventListener("online", this.retryNow);
    window.addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.onVisible);
    this.set({ kind: "connecting" });
    void this.open();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.retryNow);
    window.removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.onVisible);
    window.clearTimeout(this.timer);
    this.drop();
    this.position = null;
    this.attempt = 0;
    this.set({ kind: "idle" });
  }

  /** A renewed token keeps the socket past the old one's end. */
  authenticate(token: string): void {
    this.send({ type: "authenticate", data: { token } });
  }

  private send(frame: { type: string; data?: unknown }): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private async open(): Promise<void> {
    let credential: Credential | null;
    try {
      credential = await this.options.credential(this.refused);
    } catch {
      this.lost();
      return;
    }
    if (this.stopped || this.socket || !credential) return;
    const query = new URLSearchParams(credential);
    if (this.position) query.set("position", this.position);
    const socket = new WebSocket(`${this.options.wsUrl}/ws/updates/?${query.toString()}`);
    this.socket = socket;
    socket.onmessage = (event) => this.hear(String(event.data));
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.refused = REFUSED.has(event.code);
      this.lost();
    };
  }

  private hear(text: string): void {
    this.heardAt = Date.now();
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      return;
    }
    const position =
      frame.position ??
      (frame.type.startsWith("connection.") ? (frame.data as { position?: string } | null)?.position : undefined);
    if (frame.type === "connection.ready") {
      this.attempt = 0;
      this.since = 0;
      this.refused = false;
      this.watch();
      this.set({ kind: "live" });
      // On a return the missed events follow with their own positions; only a first connection starts from here.
      if (!this.position && position) this.position = position;
      return;
    }
    if (position) this.position = position;
    if (frame.type === "connection.reset") {
      if (!position) this.position = null;
      this.options.onReset();
      return;
    }
    this.options.onFrame(frame);
  }

  private watch(): void {
    window.clearInterval(this.pulse);
    this.pulse = window.setInterval(() => {
      // A phone that changed networks keeps a dead socket open for minutes; an unanswered ping is the only sign.
      // Silence alone is none: in a hidden tab this timer runs once a minute.
      const unanswered = this.pingedAt > this.heardAt;
      if (unanswered && Date.now() - this.pingedAt >= ANSWER_WITHIN) {
        this.lost();
        return;
      }
      this.pingedAt = Date.now();
      this.send({ type: "ping" });
    }, PING_EVERY);
  }

  private readonly lost = (): void => {
    this.drop();
    if (this.stopped) return;
    this.since ||= Date.now();
    window.clearTimeout(this.timer);
    if (!navigator.onLine) {
      this.set({ kind: "offline", since: this.since });
      return;
    }
    const delay = backoff(this.attempt++);
    this.set({ kind: "reconnecting", since: this.since, retryAt: Date.now() + delay });
    this.timer = window.setTimeout(() => void this.open(), delay);
  };

  private readonly retryNow = (): void => {
    if (this.stopped || this.state.kind === "live") return;
    window.clearTimeout(this.timer);
    this.drop();
    void this.open();
  };

  private readonly onVisible = (): void => {
    if (document.visibilityState === "visible") this.retryNow();
  };

  private drop(): void {
    window.clearInterval(this.pulse);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private set(state: Connection): void {
    this.state = state;
    this.options.onState(state);
  }
}
