import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8").replace(/\/\*[\s\S]*?\*\//g, "");

// Declarations by theme; the plain :root block is under all of them.
function tokensOf(theme: "light" | "dark" | "field"): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, selector = "", body = ""] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const applies = selector.trim() === ":root" || selector.includes(`"light"`) || selector.includes(`"${theme}"`);
    if (applies) for (const [, name = "", value = ""] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g)) found.set(name, value.trim());
  }
  return found;
}

function colour(tokens: Map<string, string>, name: string): [number, number, number] {
  const value = tokens.get(name) ?? "";
  const reference = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  if (reference) return colour(tokens, reference);
  const hex = /^#([0-9a-f]{6})$/i.exec(value)?.[1];
  if (!hex) throw new Error(`${name} is not a colour: ${value}`);
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
}

function luminance(rgb: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((channel) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(tokens: Map<string, string>, front: string, back: string): number {
  const [light, dark] = [luminance(colour(tokens, front)), luminance(colour(tokens, back))].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT: [string, string][] = [
  ["ink", "bg"],
  ["ink", "surface"],
  ["ink", "sunken"],
  ["ink", "hover"],
  ["ink", "flash"],
  ["ink-2", "surface"],
  ["ink-2", "sunken"],
  ["ink-2", "bg"],
  ["ink-3", "surface"],
  ["ink-3", "bg"],
  ["ink-3", "sunken"],
  ["on-primary", "primary"],
  ["on-primary", "primary-hover"],
  ["primary-ink", "surface"],
  ["primary-ink", "bg"],
  ["primary-ink", "primary-soft"],
  ["ink", "primary-soft"],
  ["gold-ink", "gold-soft"],
  ["on-danger", "danger"],
  ["danger-ink", "surface"],
  ["danger-ink", "danger-soft"],
  ["ink-2", "absent-soft"],
  ["ink-2", "late-soft"],
  ["ink-2", "excused-soft"],
  ["ink-2", "duty-soft"],
  ["info-ink", "info-soft"],
  ["rail-ink", "rail-bg"],
  ["rail-ink-on", "rail-on"],
  ["on-toast", "toast"],
  ["danger-ink", "raised"],
];
const SHAPES: [string, string][] = [
  ["present", "surface"],
  ["late", "surface"],
  ["excused", "surface"],
  ["duty", "surface"],
  ["absent", "surface"],
  ["no-mark", "surface"],
  ["control-line", "surface"],
  ["focus", "surface"],
  ["focus", "bg"],
  ["rail-mark", "rail-bg"],
  ["primary", "surface"],
  ["danger", "surface"],
];

describe.each([
  ["light", 4.5],
  ["dark", 4.5],
  ["field", 7],
] as const)("the %s theme", (theme, least) => {
  const tokens = tokensOf(theme);
  it.each(TEXT)(`text ${"%s"} on ${"%s"} is readable`, (front, back) => {
    expect(contrast(tokens, `--${front}`, `--${back}`)).toBeGreaterThanOrEqual(least);
  });
  it.each(SHAPES)(`shape ${"%s"} on ${"%s"} can be told`, (front, back) => {
    expect(contrast(tokens, `--${front}`, `--${back}`)).toBeGreaterThanOrEqual(3);
  });
});
