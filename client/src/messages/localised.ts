export type Locale = "en" | "fil" | "ceb";

const KEY = "rgms.language";

/** The language of this device; English until another is chosen. */
export const locale: Locale = (["fil", "ceb"] as const).find((one) => one === localStorage.getItem(KEY)) ?? "en";

/** A catalogue in the device's language, with English for what is not translated yet. The keys of English are the type of all. */
export function localised<T extends object>(catalogue: { en: T; fil?: Partial<T>; ceb?: Partial<T> }): T {
  const own = locale === "en" ? undefined : catalogue[locale];
  return own ? { ...catalogue.en, ...own } : catalogue.en;
}

/** plural(3, "cadet", "cadets") -> "3 cadets" */
export const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString("en-PH")} ${count === 1 ? one : many}`;
