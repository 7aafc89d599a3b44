import { useQuery } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";
import { todayInManila } from "@/lib/format";

export type HomeTerm = Schema<"Term">;
const SHOWN_DAYS = 4;
export type HomeDay = Schema<"TrainingDay">;

/** The term that runs today, else the last that began, else the first to come: the rule of the server for a cadet. */
export function currentTerm(terms: readonly HomeTerm[], today: string): HomeTerm | null {
  const newestFirst = [...terms].sort((a, b) => b.starts_on.localeCompare(a.starts_on));
  return (
    newestFirst.find((term) => term.starts_on <= today && today <= term.ends_on) ??
    newestFirst.find((term) => term.starts_on <= today) ??
    newestFirst.at(-1) ??
    null
  );
}

/** Today's training day, else the next, else the last. */
export function nearestDay(days: readonly HomeDay[], today: string): HomeDay | null {
  const held = days.filter((day) => !day.is_cancelled).sort((a, b) => a.date.localeCompare(b.date));
  return held.find((day) => day.date >= today) ?? held.at(-1) ?? null;
}

/** The days after the nearest one, as many as a first look needs. */
export function daysToCome(days: readonly HomeDay[], nearest: HomeDay | null, today: string): HomeDay[] {
  const held = days.filter((day) => !day.is_cancelled).sort((a, b) => a.date.localeCompare(b.date));
  return held.filter((day) => day.date > today && day.id !== nearest?.id).slice(0, SHOWN_DAYS);
}

export type HomeFacts = {
  cadets: number;
  term: HomeTerm | null;
  day: HomeDay | null;
  coming: readonly HomeDay[];
  counts: { no_data: number; provisional: number; complete: number; special: number } | null;
};

const count = async (path: string, params: Record<string, string | number>, signal: AbortSignal) =>
  (await api.get<Page<unknown>>(path, { params: { ...params, page_size: 1 }, signal })).total;

/** What the first screen of the office needs, in a handful of small questions asked together. */
export const useHomeFacts = () =>
  useQuery({
    queryKey: ["home"],
    queryFn: async ({ signal }): Promise<HomeFacts> => {
      const today = todayInManila();
      const [cadets, terms] = await Promise.all([
        count("/cadets", {}, signal),
        api.get<Page<HomeTerm>>("/terms", { params: { page_size: 100 }, signal }),
      ]);
      const term = currentTerm(terms.data, today);
      if (!term) return { cadets, term: null, day: null, coming: [], counts: null };
      const inState = (state: string) => count("/grading/gradebook", { term_id: term.id, state }, signal);
      const [days, noData, provisional, complete, special] = await Promise.all([
        api.get<Page<HomeDay>>("/training-days", { params: { term_id: term.id, page_size: 100 }, signal }),
        inState("no_data"),
        inState("provisional"),
        inState("complete"),
        inState("special"),
      ]);
      const day = nearestDay(days.data, today);
      const coming = daysToCome(days.data, day, today);
      return { cadets, term, day, coming, counts: { no_data: noData, provisional, complete, special } };
    },
  });
