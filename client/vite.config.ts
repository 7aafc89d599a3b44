import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The gateway's address while developing; in production the client is served by it, from the same origin.
const gateway = process.env.RGMS_GATEWAY ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // The content policy allows no data: fonts or images from style sheets, so nothing is inlined.
    assetsInlineLimit: 0,
    manifest: true,
    sourcemap: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": gateway, "/ws": { target: gateway, ws: true } },
  },
  test: {
    environment: "jsdom",
    globals: true,
    setupFiles: ["src/testing/setup.ts"],
    include: ["{src,scripts}/**/*.test.{ts,tsx}"],
    css: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
