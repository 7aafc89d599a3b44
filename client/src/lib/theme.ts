export const THEMES = ["system", "light", "dark", "field"] as const;
export type ThemeChoice = (typeof THEMES)[number];

const KEY = "rgms.theme";
const darkQuery = () => window.matchMedia("(prefers-color-scheme: dark)");

export function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(KEY);
  return THEMES.find((one) => one === kept) ?? "system";
}

function apply(choice: ThemeChoice): void {
  document.documentElement.dataset.theme = choice === "system" ? (darkQuery().matches ? "dark" : "light") : choice;
}

/** The choice belongs to the device, not to the person: a field phone stays a field phone. */
export function setTheme(choice: ThemeChoice): void {
  if (choice === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  apply(choice);
}

export function followSystemTheme(): void {
  darkQuery().addEventListener("change", () => apply(themeChoice()));
}
