import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";

export type Staff = Required<Schema<"Staff">>;

export const staffName = (one: Staff): string =>
  [one.rank, one.first_name, one.last_name, one.suffix_name].filter(Boolean).join(" ");

export const useStaff = (search: string, page: number, archived: boolean) =>
  useQuery({
    queryKey: ["staff", { search, page, archived }],
    queryFn: ({ signal }) =>
      api.get<Page<Staff>>("/staff", { params: { search, page, page_size: 50, archived: archived ? "true" : "false" }, signal }),
    placeholderData: keepPreviousData,
  });

export function useSaveStaff(existing: Staff | undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<Staff>) =>
      existing
        ? api.patch<Staff>(`/staff/${existing.id}`, { body, version: existing.version })
        : api.post<Staff>("/staff", { body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}

export function useMoveStaff() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, to }: { id: number; to: "archive" | "restore" }) =>
      to === "archive" ? api.delete(`/staff/${id}`) : api.post(`/staff/${id}/restore`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
