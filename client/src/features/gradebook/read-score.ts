/** A number of the policy: "100", or an exact fraction such as "100/3". */
export const numberOf = (exact: string): number => {
  const [above = "", below = "1"] = exact.split("/");
  return Number(above) / Number(below);
};

/** The same for reading, with two decimals where it needs them. */
export const shortNumber = (exact: string): string => String(Math.round(numberOf(exact) * 100) / 100);

/** "85", "85.5", "85.25"; blank clears; anything else is wrong. */
export function readScore(text: string, max: string): { value: string | null } | null {
  const trimmed = text.trim();
  if (trimmed === "") return { value: null };
  return /^\d{1,5}(\.\d{1,2})?$/.test(trimmed) && Number(trimmed) <= numberOf(max) ? { value: trimmed } : null;
}

/** The cells of a block as a spreadsheet copies it. A blank one is left out: a gap in a copied column is no score taken back. */
export function readPasted(text: string): { down: number; right: number; typed: string }[] {
  return text
    .split(/\r\n|\r|\n/)
    .flatMap((line, down) => line.split("\t").map((cell, right) => ({ down, right, typed: cell.trim() })))
    .filter((cell) => cell.typed !== "");
}
