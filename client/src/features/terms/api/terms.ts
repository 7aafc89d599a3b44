import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";
import type { WEEKDAYS } from "@/types/domain";

export type Term = Schema<"Term">;
export type TrainingDay = Schema<"TrainingDay">;
export type NewTerm = Pick<Term, "name" | "school_year" | "semester" | "starts_on" | "ends_on"> & { cadet_course: string | null };
export type Weekday = (typeof WEEKDAYS)[number];
export type NewSeries = {
  term_id: number;
  starts_on: string;
  weekday: Weekday;
  count: number;
  title_pattern: string;
  skip: string[];
};
export type SeriesDay = Schema<"SeriesDay">;
export type MarkedDay = Schema<"MarkedDay">;
export type DayChanges = Partial<Pick<TrainingDay, "date" | "title" | "description">>;

export const useTerms = () =>
  useQuery({
    queryKey: ["terms"],
    queryFn: ({ signal }) => api.get<Page<Term>>("/terms", { params: { page_size: 100 }, signal }),
  });
export const useTerm = (id: string) =>
  useQuery({ queryKey: ["terms", id], queryFn: ({ signal }) => api.get<Term>(`/terms/${id}`, { signal }) });
export const usePolicy = (termId: string) =>
  useQuery({
    queryKey: ["policy", termId],
    queryFn: ({ signal }) => api.get<Schema<"Policy">>(`/terms/${termId}/policy`, { signal }),
    staleTime: 5 * 60_000,
  });
export const useTrainingDays = (termId: string) =>
  useQuery({
    queryKey: ["training-days", termId],
    queryFn: ({ signal }) =>
      api.get<Page<TrainingDay>>("/training-days", { params: { term_id: termId, page_size: 100 }, signal }),
    enabled: termId !== "",
  });

/** One training day as it is now, with how many marks stand on it. */
export const useDay = (id: number) =>
  useQuery({
    queryKey: ["training-days", "one", id],
    queryFn: ({ signal }) => api.get<MarkedDay>(`/training-days/${id}`, { signal }),
    staleTime: 0,
  });

/** The dates that a series would make. The server alone reckons them, so that what is shown is what is made. */
export const useSeriesPlan = (series: NewSeries | null) =>
  useQuery({
    queryKey: ["training-days", "series", series],
    queryFn: ({ signal }) => api.post<{ days: SeriesDay[] }>("/training-days/series/preview", { body: series, signal }),
    enabled: series !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });

export function useCreateTerm() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewTerm) => api.post<Term>("/terms", { body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["terms"] }),
  });
}

export function useChangeTerm(term: Term) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Partial<NewTerm>) => api.patch<Term>(`/terms/${term.id}`, { body: changes, version: term.version }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["terms"] }),
  });
}

const useDayChange = <Values, Made>(change: (values: Values) => Promise<Made>) => {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    // A day that appears or drops out moves every grade of its term. After a refusal too: somebody else may have been there first.
    onSettled: () =>
      Promise.all([["terms"], ["training-days"], ["gradebook"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
};

export const useCreateSeries = () =>
  useDayChange((body: NewSeries) =>
    api.post<{ created: TrainingDay[] }>("/training-days/series", { body, idempotencyKey: newIdempotencyKey() }),
  );
export const useCreateDay = () =>
  useDayChange((body: { term_id: number; date: string; title: string; description: string | null }) =>
    api.post<TrainingDay>("/training-days", { body, idempotencyKey: newIdempotencyKey() }),
  );
export const useChangeDay = () =>
  useDayChange(({ id, version, changes }: { id: number; version: number; changes: DayChanges }) =>
    api.patch<TrainingDay>(`/training-days/${id}`, { body: changes, version }),
  );
export const useCancelDay = () =>
  useDayChange(({ day, reason }: { day: TrainingDay; reason: string }) =>
    api.post<TrainingDay>(`/training-days/${day.id}/cancel`, { body: { reason }, version: day.version }),
  );
export const useReinstateDay = () =>
  useDayChange((day: TrainingDay) =>
    api.post<TrainingDay>(`/training-days/${day.id}/reinstate`, { body: {}, version: day.version }),
  );
