export type FieldErrors = Record<string, string[]>;

type Body = { error?: string; message?: string; code?: string; details?: unknown; request_id?: string };

/** What every failed request becomes. `status` is 0 when no answer came (code NETWORK_ERROR, or TIMEOUT when it took too long). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(init: {
    status: number;
    code: string;
    message: string;
    details?: unknown;
    requestId?: string | null;
    retryAfter?: number | null;
  }) {
    super(init.message);
    this.name = "ApiError";
    this.status = init.status;
    this.code = init.code;
    this.details = init.details ?? null;
    this.requestId = init.requestId ?? null;
    this.retryAfter = init.retryAfter ?? null;
  }

  get isNetwork(): boolean {
    return this.code === "NETWORK_ERROR" || this.code === "TIMEOUT";
  }

  /** The messages beside each field of a refused form; empty when the refusal is about the whole. */
  get fields(): FieldErrors {
    if (this.status !== 422 || typeof this.details !== "object" || this.details === null || Array.isArray(this.details))
      return {};
    const found: FieldErrors = {};
    for (const [name, value] of Object.entries(this.details)) {
      if (Array.isArray(value)) found[name] = value.map(String);
      else if (typeof value === "string") found[name] = [value];
    }
    return found;
  }
}

/** Reads the server's one error shape, and copes with an answer that is not from our server at all (a proxy's page). */
export async function errorFrom(response: Response): Promise<ApiError> {
  let body: Body = {};
  try {
    body = (await response.json()) as Body;
  } catch {
    body = {};
  }
  const after = Number(response.headers.get("Retry-After"));
  return new ApiError({
    status: response.status,
    code: body.code ?? `http_${response.status}`,
    message: body.message ?? body.error ?? response.statusText,
    details: body.details,
    requestId: body.request_id ?? response.headers.get("X-Request-ID"),
    retryAfter: Number.isFinite(after) && after > 0 ? after : null,
  });
}
