import type { ActivationCode, CardCadet, IssuedCodes } from "./api/accounts";

/** Two columns of four, cut along the lines of an A4 page. */
export const CARDS_ON_A_PAGE = 8;

export type Card = ActivationCode & { unit: string; number: number };
export type CardPage = { unit: string; cards: Card[] };

const unitOf = (one: { company: string | null; platoon: string | null }) => [one.company, one.platoon].filter(Boolean).join(", ");

/** "Dela Cruz, Juan S., Jr.": a hand-over goes by last name. */
const nameOf = (cadet: CardCadet): string => {
  const initial = cadet.middle_name ? ` ${cadet.middle_name.charAt(0)}.` : "";
  return `${cadet.last_name}, ${cadet.first_name}${initial}${cadet.suffix_name ? `, ${cadet.suffix_name}` : ""}`;
};

/** The codes as pages to print: in the order of `cadets`, which is by platoon and last name, each platoon on pages of its own. */
export function pagesOf(issued: IssuedCodes, cadets: readonly CardCadet[]): CardPage[] {
  const places = new Map(cadets.map((cadet, place) => [cadet.id, { cadet, place }]));
  const known = (code: ActivationCode) => (code.cadet_id === null ? undefined : places.get(code.cadet_id));
  const ordered = [...issued.codes].sort((a, b) => (known(a)?.place ?? Infinity) - (known(b)?.place ?? Infinity) || 0);
  const pages: CardPage[] = [];
  ordered.forEach((code, index) => {
    const found = known(code)?.cadet;
    const unit = found ? unitOf(found) : (code.company ?? "");
    const last = pages.at(-1);
    const page = last && last.unit === unit && last.cards.length < CARDS_ON_A_PAGE ? last : { unit, cards: [] };
    if (page !== last) pages.push(page);
    page.cards.push({ ...code, name: found ? nameOf(found) : code.name, unit, number: index + 1 });
  });
  return pages;
}
