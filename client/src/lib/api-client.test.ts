import { beforeEach, describe, expect, it, vi } from "vitest";
import { admin, enter, signedInAs } from "@/testing/people";
import { fakeServer, refusal } from "@/testing/fake-server";
import { api, newIdempotencyKey } from "./api-client";
import { ApiError } from "./api-error";
import { endSession, lastEnding, readSession } from "./session";

const CADETS = "GET /api/v1/cadets";
const REFRESH = "POST /api/v1/auth/refresh";

const failure = async (work: Promise<unknown>): Promise<ApiError> => {
  const reason: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(reason instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(reason)}`);
  return reason;
};

let errors: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  endSession("signed-out");
  errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
});

describe("asking the server", () => {
  it("[8.1] asks the configured API base", async () => {
    const server = fakeServer({ [CADETS]: { body: { data: [] } } });
    await api.get("/cadets", { params: { company: "Alpha", search: "", page: 2 } });
    expect(server.asked[0]?.path).toBe("/api/v1/cadets");
    expect(server.asked[0]?.params.toString()).toBe("company=Alpha&page=2");
  });

  it("[8.3] sends the token in the Authorization header", async () => {
    enter(admin);
    const server = fakeServer({ [CADETS]: { body: {} } });
    await api.get("/cadets");
    expect(server.asked[0]?.headers.get("Authorization")).toBe("Bearer token-1");
  });

  it("[8.3] sends no token when nobody is signed in, nor with a sign-in", async () => {
    const server = fakeServer({ [CADETS]: { body: {} }, "POST /api/v1/auth/login": { body: signedInAs(admin) } });
    await api.get("/cadets");
    enter(admin);
    await api.post("/auth/login", { anonymous: true, body: {} });
    expect(server.asked.map((one) => one.headers.get("Authorization"))).toEqual([null, null]);
  });

  it("sends the version, and the idempotency key of the intention", async () => {
    const server = fakeServer({ "PUT /api/v1/cadets/7": { body: {} } });
    const key = newIdempotencyKey();
    await api.put("/cadets/7", { body: { rank: "CDT" }, version: 3, idempotencyKey: key });
    expect(server.asked[0]?.headers.get("If-Match")).toBe('"3"');
    expect(server.asked[0]?.headers.get("Idempotency-Key")).toBe(key);
    expect(server.asked[0]?.body).toEqual({ rank: "CDT" });
  });
});

describe("a 401", () => {
  it("[8.4] renews the token once and asks again", async () => {
    enter(admin);
    const server = fakeServer({
      [CADETS]: ({ headers }) =>
        headers.get("Authorization") === "Bearer token-2" ? { body: { data: ["Abad"] } } : refusal(401, "token_expired"),
      [REFRESH]: { body: signedInAs(admin, "token-2") },
    });
    await expect(api.get("/cadets")).resolves.toEqual({ data: ["Abad"] });
    expect(server.sent(REFRESH)[0]?.headers.get("X-Session-Handle")).toBe(readSession()?.handle);
    expect(server.sent(REFRESH)[0]?.body).toEqual({});
    expect(readSession()?.token).toBe("token-2");
  });

  it("[8.3] asks for a token first when the page was just opened, once for all that it wants to know", async () => {
    localStorage.setItem("rgms.session", JSON.stringify({ handle: "device-0123456789abcdef", user: admin }));
    const server = fakeServer({ [CADETS]: { body: {} }, [REFRESH]: { body: signedInAs(admin, "token-2") } });
    expect(readSession()).toMatchObject({ token: null, user: { username: "admin" } });
    await Promise.all([api.get("/cadets"), api.get("/cadets")]);
    expect(server.asked.map((one) => one.path)).toEqual(["/api/v1/auth/refresh", "/api/v1/cadets", "/api/v1/cadets"]);
    expect(server.sent(CADETS)[0]?.headers.get("Authorization")).toBe("Bearer token-2");
  });

  it("moves over what an earlier release kept, without a new sign-in", async () => {
    const before = { token: "old", refreshToken: "kept-by-the-page", expiresAt: 1, user: admin };
    localStorage.setItem("rgms.session", JSON.stringify(before));
    const server = fakeServer({ [CADETS]: { body: {} }, [REFRESH]: { body: signedInAs(admin, "token-2") } });
    const handle = readSession()?.handle;
    expect(handle).toMatch(/^device-[\w-]{24}$/);
    await api.get("/cadets");
    expect(server.sent(REFRESH)[0]?.body).toEqual({ refresh_token: "kept-by-the-page" });
    expect(server.sent(REFRESH)[0]?.headers.get("X-Session-Handle")).toBe(handle);
    expect(readSession()).toMatchObject({ handle, token: "token-2" });
    expect(JSON.stringify({ ...localStorage })).not.toMatch(/kept-by-the-page|token-2|old/);
  });

  it("[8.4] renews once for many requests at the same time, because a refresh token is good for one use", async () => {
    enter(admin);
    const server = fakeServer({
      [CADETS]: ({ headers }) =>
        headers.get("Authorization") === "Bearer token-2" ? { body: {} } : refusal(401, "token_expired"),
      [REFRESH]: { body: signedInAs(admin, "token-2") },
    });
    await Promise.all(Array.from({ length: 6 }, () => api.get("/cadets")));
    expect(server.sent(REFRESH)).toHaveLength(1);
  });

  it("[8.4] removes the stored token when the session is over", async () => {
    enter(admin);
    fakeServer({ [CADETS]: refusal(401, "token_expired"), [REFRESH]: refusal(401, "refresh_invalid") });
    expect((await failure(api.get("/cadets"))).status).toBe(401);
    expect(readSession()).toBeNull();
    expect(localStorage.length + sessionStorage.length).toBe(0);
    expect(lastEnding()).toBe("expired");
  });

  it("[8.4] signs nobody out because the server is in trouble", async () => {
    enter(admin);
    fakeServer({ [CADETS]: refusal(401, "token_expired"), [REFRESH]: refusal(503, "unavailable") });
    expect((await failure(api.get("/cadets"))).status).toBe(503);
    expect(readSession()).not.toBeNull();
  });

  it("means a wrong password when signing in", async () => {
    const server = fakeServer({ "POST /api/v1/auth/login": refusal(401, "invalid_credentials") });
    expect((await failure(api.post("/auth/login", { anonymous: true }))).code).toBe("invalid_credentials");
    expect(server.asked).toHaveLength(1);
  });
});

describe("other refusals", () => {
  it("[8.5] logs a 403 as access denied, with its reason", async () => {
    fakeServer({ [CADETS]: refusal(403, "forbidden", "Only staff may see the roster.") });
    expect((await failure(api.get("/cadets"))).message).toBe("Only staff may see the roster.");
    expect(errors).toHaveBeenCalledWith(
      "[rgms] Access denied: Only staff may see the roster.",
      expect.objectContaining({ status: 403, path: "/cadets" }),
    );
  });

  it.each([500, 502, 503])("[8.6] logs a %i as a server error", async (status) => {
    fakeServer({ [CADETS]: refusal(status, "broken") });
    expect((await failure(api.get("/cadets"))).requestId).toBe("request-1");
    expect(errors).toHaveBeenCalledWith("[rgms] Server error", expect.objectContaining({ status, requestId: "request-1" }));
  });

  it("[8.7] answers a dead network with NETWORK_ERROR", async () => {
    fakeServer({});
    const error = await failure(api.get("/cadets"));
    expect(error).toMatchObject({ code: "NETWORK_ERROR", status: 0, isNetwork: true });
  });

  it("gives each wrong field its words", async () => {
    fakeServer({
      "POST /api/v1/cadets": refusal(422, "invalid_fields", "Some fields are wrong.", { email: ["Not an e-mail address."] }),
    });
    expect((await failure(api.post("/cadets", { body: {} }))).fields).toEqual({ email: ["Not an e-mail address."] });
  });

  it("copes with an answer that is not ours", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>Bad gateway</html>", { status: 502 }));
    expect((await failure(api.get("/cadets"))).code).toBe("http_502");
  });

  it("lets an abandoned request be just that", async () => {
    const stop = new AbortController();
    fakeServer({ [CADETS]: { body: {} } });
    stop.abort();
    await expect(api.get("/cadets", { signal: stop.signal })).rejects.toHaveProperty("name", "AbortError");
  });
});
