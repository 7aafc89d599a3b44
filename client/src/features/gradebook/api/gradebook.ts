import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api-client";
import { uuid7 } from "@/lib/ids";
import type { ExplainedGrade, GradebookRow } from "@/types/grade";
import type { Schema } from "@/types";

export type Policy = Schema<"Policy">;
/** An exam of the term's policy: its id, what people call it, and its highest score. */
export type Exam = Schema<"Exam">;

export type { GradebookRow };
export type GradebookFilter = {
  term_id: string;
  company: string;
  platoon: string;
  search: string;
  state: string;
  sort: string;
  page: number;
};
export type MeritRecord = Omit<Schema<"Points">, "voided"> & { voided: Schema<"Void"> | null };

export const ROWS_PER_PAGE = 50;
export const gradebookKey = (filter: GradebookFilter) => ["gradebook", filter] as const;

export const useGradebook = (filter: GradebookFilter) =>
  useQuery({
    queryKey: gradebookKey(filter),
    queryFn: ({ signal }) =>
      api.get<Page<GradebookRow>>("/grading/gradebook", { params: { ...filter, page_size: ROWS_PER_PAGE }, signal }),
    // The former page stands while the next one comes, but never under the columns of another term.
    placeholderData: (former, query) => (query?.queryKey[1].term_id === filter.term_id ? former : undefined),
    enabled: filter.term_id !== "",
  });

/** The rules of a term: its exams and weights are the columns of its gradebook. A term keeps the rules it began with. */
export const usePolicy = (termId: string) =>
  useQuery({
    queryKey: ["policy", termId],
    queryFn: ({ signal }) => api.get<Policy>(`/terms/${termId}/policy`, { signal }),
    staleTime: Infinity,
    enabled: termId !== "",
  });

export const useCadetGrade = (cadetId: string, termId: string) =>
  useQuery({
    queryKey: ["gradebook", "grade", cadetId, termId],
    queryFn: ({ signal }) => api.get<ExplainedGrade>(`/grading/cadets/${cadetId}/grade`, { params: { term_id: termId }, signal }),
    enabled: termId !== "",
  });

export const useMeritRecords = (cadetId: string, termId: string) =>
  useQuery({
    queryKey: ["gradebook", "merits", cadetId, termId],
    queryFn: ({ signal }) =>
      api.get<Page<MeritRecord>>("/merits/records", { params: { cadet_id: cadetId, term_id: termId, page_size: 100 }, signal }),
    enabled: termId !== "",
  });

export function useVoidMerit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      api.post(`/merits/records/${id}/void`, { body: { id: uuid7(), reason, occurred_at: new Date().toISOString() } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["gradebook"] }),
  });
}

export type TermChoice = { id: number; name: string; semester: string; school_year: string };

export const useTermChoices = () =>
  useQuery({
    queryKey: ["terms"],
    queryFn: ({ signal }) => api.get<Page<TermChoice>>("/terms", { params: { page_size: 100 }, signal }),
  });
