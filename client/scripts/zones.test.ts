import { resolve } from "node:path";
import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";

const eslint = new ESLint({ cwd: resolve(import.meta.dirname, "..") });

/** What the client's own eslint configuration says of `code`, were it written in `filePath`. */
async function zoneFaults(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.filter((one) => one.ruleId === "rgms/zones").map((one) => one.message);
}

describe("the zones of the client", () => {
  it.each([
    [
      "src/features/roll-call/use-roll-call.ts",
      'export { useCadet } from "../cadets/api/cadets";',
      "may not import features/cadets",
    ],
    [
      "src/features/roll-call/api/roll.ts",
      'export { useCadet } from "../../cadets/api/cadets";',
      "may not import features/cadets",
    ],
    [
      "src/features/roll-call/api/roll.ts",
      'import { useCadet } from "@/features/cadets/api/cadets";',
      "may not import features/cadets",
    ],
    ["src/features/roll-call/api/roll.ts", 'export * from "../../cadets/api/cadets";', "may not import features/cadets"],
    [
      "src/features/roll-call/api/roll.ts",
      'export const late = () => import("../../cadets/api/cadets");',
      "may not import features/cadets",
    ],
    [
      "src/features/roll-call/api/roll.ts",
      'export type Row = import("../../cadets/api/cadets").Cadet;',
      "may not import features/cadets",
    ],
    ["src/features/roll-call/api/roll.ts", 'import { api } from "../../../lib/api-client";', "stays inside its feature"],
    ["src/features/roll-call/api/roll.ts", 'import { rows } from "@/features/roll-call/rows";', "Use a relative import"],
    ["src/features/roll-call/api/roll.ts", 'import { router } from "@/app/router";', "knows no page"],
    ["src/lib/auth.tsx", 'import { useCadet } from "../features/cadets/api/cadets";', "Shared code knows no feature"],
    ["src/components/ui/Button.tsx", 'import { router } from "@/app/router";', "Shared code knows no feature and no page"],
  ])("refuse in %s: %s", async (file, code, why) => {
    expect(await zoneFaults(file, code)).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    [
      "src/features/roll-call/api/roll.ts",
      'import { api } from "@/lib/api-client"; import { queue } from "../mark-queue"; import "react";',
    ],
    [
      "src/app/routes/home.tsx",
      'import { useCadet } from "@/features/cadets/api/cadets"; import { paths } from "../../config/paths";',
    ],
    ["src/lib/auth.tsx", 'import { session } from "./session"; import { paths } from "@/config/paths";'],
  ])("allow in %s: %s", async (file, code) => {
    expect(await zoneFaults(file, code)).toEqual([]);
  });
});
