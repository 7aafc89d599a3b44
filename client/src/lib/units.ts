import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { Schema } from "@/types";

export type Unit = Required<Omit<Schema<"UnitNode">, "children">> & { children: Unit[] };

// The office changes the tree a few times a year; whoever changed it asks again.
const STALE_AFTER = 5 * 60_000;

/** The unit tree: battalions, their companies with platoons, and the special units. */
export const useUnits = () =>
  useQuery({
    queryKey: ["units"],
    queryFn: async ({ signal }) => (await api.get<{ data: Unit[] }>("/units", { signal })).data,
    staleTime: STALE_AFTER,
  });

const namesOf = (units: readonly Unit[]): string[] => [...new Set(units.map((unit) => unit.name))];

type Wanted = {
  /** Platoons of this company; of all companies when it is blank or has none of its own. */
  company?: string;
  /** "given": what a record may be given. "found": also a unit that was switched off while cadets are in it. */
  which: "given" | "found";
};

/** The names a cadet's record may hold: companies, and platoons with the special units after them, in the order of the tree. */
export function unitNames(tree: readonly Unit[], { company = "", which }: Wanted): { companies: string[]; platoons: string[] } {
  const wanted = (unit: Unit) => unit.is_active || (which === "found" && unit.cadets > 0);
  const below = tree.flatMap((battalion) => battalion.children).filter(wanted);
  const companies = below.filter((unit) => unit.kind === "company");
  const platoonsOf = (units: readonly Unit[]) => units.flatMap((unit) => unit.children).filter(wanted);
  const own = platoonsOf(companies.filter((unit) => unit.name === company));
  const specials = below.filter((unit) => unit.kind === "special");
  return {
    companies: namesOf(companies),
    platoons: namesOf([...(own.length > 0 ? own : platoonsOf(companies)), ...specials]),
  };
}
