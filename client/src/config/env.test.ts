import { describe, expect, it } from "vitest";
import { parseEnv } from "./env";

const HERE = "https://rgms.example";

describe("the addresses of a build", () => {
  it("[8.1] uses VITE_API_URL for the API", () => {
    expect(parseEnv({ VITE_API_URL: "https://api.example/" }, HERE).apiUrl).toBe("https://api.example");
  });
  it("[8.2] uses VITE_WS_URL for the sockets", () => {
    expect(parseEnv({ VITE_WS_URL: "wss://live.example" }, HERE).wsUrl).toBe("wss://live.example");
  });
  it("[8.1] [8.2] falls back to the page's own origin", () => {
    expect(parseEnv({ VITE_API_URL: "  " }, HERE)).toEqual({ apiUrl: HERE, wsUrl: "wss://rgms.example" });
    expect(parseEnv({}, "http://127.0.0.1:8000").wsUrl).toBe("ws://127.0.0.1:8000");
  });
  it("names the address that is wrong", () => {
    expect(() => parseEnv({ VITE_API_URL: "api.example" }, HERE)).toThrow(/VITE_API_URL/);
    expect(() => parseEnv({ VITE_WS_URL: "https://live.example" }, HERE)).toThrow(/VITE_WS_URL/);
  });
});
