import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";

export type Term = Schema<"Term">;
export type TrainingDay = Schema<"TrainingDay">;
export type NewTerm = Pick<Term, "name" | "school_year" | "semester" | "starts_on" | "ends_on"> & { cadet_course: string | null };
export type NewSeries = {
  term_id: number;
  starts_on: string;
  weekday: number;
  count: number;
  title_pattern: string;
  skip: string[];
};

export const useTerms = () =>
  useQuery({
    queryKey: ["terms"],
    queryFn: ({ signal }) => api.get<Page<Term>>("/terms", { params: { page_size: 100 }, signal }),
  });
export const useTerm = (id: string) =>
  useQuery({ queryKey: ["terms", id], queryFn: ({ signal }) => api.get<Term>(`/terms/${id}`, { signal }) });
export const useTrainingDays = (termId: string) =>
  useQuery({
    queryKey: ["training-days", termId],
    queryFn: ({ signal }) =>
      api.get<Page<TrainingDay>>("/training-days", { params: { term_id: termId, page_size: 100 }, signal }),
    enabled: termId !== "",
  });

export function useCreateTerm() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewTerm) => api.post<Term>("/terms", { body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["terms"] }),
  });
}

const useDayChange = <Values, Made>(change: (values: Values) => Promise<Made>) => {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    // A day that appears or drops out moves every grade of its term.
    onSuccess: () =>
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
export const useCancelDay = () =>
  useDayChange(({ id, reason }: { id: number; reason: string }) =>
    api.post<TrainingDay>(`/training-days/${id}/cancel`, { body: { reason } }),
  );
export const useReinstateDay = () =>
  useDayChange((id: number) => api.post<TrainingDay>(`/training-days/${id}/reinstate`, { body: {} }));
