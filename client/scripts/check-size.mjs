// Fails the build when the JavaScript a first visit needs (the entry, its static imports and the page) passes the budget, gzip.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 120 * 1024;
const PAGES = ["src/app/routes/auth/sign-in.tsx", "src/app/routes/home.tsx", "src/app/routes/my/grade.tsx"];
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const files = (key, seen = new Set()) => {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the build; scripts/check-size.mjs names the pages it measures`);
  if (seen.has(chunk.file)) return seen;
  if (chunk.file.endsWith(".js")) seen.add(chunk.file);
  for (const next of chunk.imports ?? []) files(next, seen);
  return seen;
};
const size = (names) =>
  [...names].reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length, 0);

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = "src/app/routes/signed-in.tsx";
let failed = false;
for (const page of PAGES) {
  const names = files(entry);
  if (!page.includes("/auth/")) files(shell, names);
  const bytes = size(files(page, names));
  const over = bytes > BUDGET;
  failed ||= over;
  console.log(
    `${over ? "over " : "ok   "} ${(bytes / 1024).toFixed(1).padStart(6)} KiB gzip of ${BUDGET / 1024} for the first visit to ${page}`,
  );
}
if (failed) process.exit(1);
