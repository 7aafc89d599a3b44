import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";

export type Cadet = Required<Schema<"Cadet">>;

export type CadetFilters = {
  search: string;
  company: string;
  cadet_course: string;
  archived: boolean;
  sort: string;
  page: number;
};
export const CADETS_PER_PAGE = 50;

export const nameOf = (cadet: Pick<Cadet, "last_name" | "first_name" | "middle_name" | "suffix_name">): string =>
  `${cadet.last_name}${cadet.suffix_name ? ` ${cadet.suffix_name}` : ""}, ${[cadet.first_name, cadet.middle_name].filter(Boolean).join(" ")}`;

export const useCadets = ({ archived, ...filters }: CadetFilters) =>
  useQuery({
    queryKey: ["cadets", "list", { archived, ...filters }],
    queryFn: ({ signal }) =>
      api.get<Page<Cadet>>("/cadets", {
        params: { ...filters, archived: archived ? "true" : "false", page_size: CADETS_PER_PAGE },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export const useCadet = (id: string) =>
  useQuery({ queryKey: ["cadets", "one", id], queryFn: ({ signal }) => api.get<Cadet>(`/cadets/${id}`, { signal }) });

/** Only what was changed is sent, on top of the version that was seen. */
export function useSaveCadet(existing: Cadet | undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (values: Partial<Cadet>) =>
      existing
        ? api.patch<Cadet>(`/cadets/${existing.id}`, { body: values, version: existing.version })
        : api.post<Cadet>("/cadets", { body: values, idempotencyKey: newIdempotencyKey() }),
    onSuccess: (saved) => {
      queries.setQueryData(["cadets", "one", String(saved.id)], saved);
      return queries.invalidateQueries({ queryKey: ["cadets"] });
    },
  });
}

/** The cadet may change the own profile again, and complete it anew. */
export function useUnlockProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<Cadet>(`/cadets/${id}/unlock`),
    onSuccess: (cadet) => queries.setQueryData(["cadets", "one", String(cadet.id)], cadet),
  });
}

/** Archiving is undone by restoring, and the other way round. */
export function useMoveCadets() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, to }: { ids: number[]; to: "archive" | "restore" }) => api.post(`/cadets/${to}`, { body: { ids } }),
    onSuccess: () => queries.invalidateQueries(),
  });
}
