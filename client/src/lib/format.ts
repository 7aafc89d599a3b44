const LOCALE = "en-PH";
const ZONE = "Asia/Manila";

const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, ...options });
const dayFormat = make({ weekday: "short", day: "numeric", month: "short" });
const dateFormat = make({ day: "numeric", month: "short", year: "numeric" });
const timeFormat = make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const numberFormat = new Intl.NumberFormat(LOCALE);

// A plain date ("2026-11-21") is a day in Manila wherever the device is.
const asDate = (value: string | number | Date): Date =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00+08:00`) : new Date(value);

const safely = (value: string | number | Date | null | undefined, format: (date: Date) => string): string => {
  if (value === null || value === undefined || value === "") return "–";
  const date = asDate(value);
  return Number.isNaN(date.getTime()) ? "–" : format(date);
};

/** "Sat, Nov 21" */
export const formatDay = (value: string | number | Date | null | undefined) => safely(value, (d) => dayFormat.format(d));
/** "Nov 21, 2026" */
export const formatDate = (value: string | number | Date | null | undefined) => safely(value, (d) => dateFormat.format(d));
/** "18:05", Manila time */
export const formatTime = (value: string | number | Date | null | undefined) => safely(value, (d) => timeFormat.format(d));
/** "Sat, Nov 21, 18:05", Manila time */
export const formatMoment = (value: string | number | Date | null | undefined) =>
  safely(value, (d) => `${dayFormat.format(d)}, ${timeFormat.format(d)}`);
export const formatNumber = (value: number) => numberFormat.format(value);
/** A number that is not known is a dash, never a zero. */
export const orDash = (value: string | number | null | undefined): string =>
  value === null || value === undefined || value === "" ? "–" : String(value);
/** "2026-11-21", the day it is in Manila now. */
export const todayInManila = (now: Date = new Date()): string => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(now);
/** "2026-12-01" after "2026-11-30": by the calendar alone, so that no time zone moves it. */
export const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
/** Points as they are read: a real minus sign, and a dash for what is not known. */
export const formatPoints = (points: string | null): string => orDash(points).replace(/^-/, "−");
