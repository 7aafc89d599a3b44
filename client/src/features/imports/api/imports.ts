import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";

export type ImportAction = "create" | "update" | "unchanged" | "conflict" | "invalid" | "ignored" | "duplicate";
export type ImportStatus = "preview" | "applied" | "undone";
export type ImportRow = {
  row: number;
  sheet: string;
  action: ImportAction;
  student_id: string | null;
  name: string;
  changes: Record<string, [string | null, string | null]>;
  reasons: { code: string; message: string }[];
  cadet_id: number | null;
};
export type ImportSummary = Partial<Record<ImportAction, number>> & {
  create: number;
  update: number;
  unchanged: number;
  invalid: number;
};
export type RosterImport = {
  id: number;
  status: ImportStatus;
  filename: string;
  summary: ImportSummary;
  warnings: { unknown_columns: { sheet: string; column: string }[]; skipped_sheets: string[] };
  created_at: string;
  applied_at: string | null;
  undone_at: string | null;
  kept?: { cadet_id: number; student_id: string; name: string; reason: string }[];
};
export type ImportDetail = RosterImport & { rows: ImportRow[] };

const one = (id: string) => ["imports", id] as const;

export const useImports = () =>
  useQuery({
    queryKey: ["imports"],
    queryFn: ({ signal }) => api.get<Page<RosterImport>>("/cadets/imports", { params: { page_size: 20 }, signal }),
  });

export const useImport = (id: string) =>
  useQuery({ queryKey: one(id), queryFn: ({ signal }) => api.get<ImportDetail>(`/cadets/imports/${id}`, { signal }) });

export function usePreviewImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => {
      const body = new FormData();
      body.append("file", file);
      return api.post<ImportDetail>("/cadets/imports", { body, idempotencyKey: newIdempotencyKey() });
    },
    onSuccess: (made) => {
      queries.setQueryData(one(String(made.id)), made);
      return queries.invalidateQueries({ queryKey: ["imports"], exact: true });
    },
  });
}

/** Applies or takes back; either way the roster and everything built on it may have changed. */
export function useImportStep(id: string, step: "apply" | "undo") {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<RosterImport & { created?: number; updated?: number }>(`/cadets/imports/${id}/${step}`),
    onSuccess: () => queries.invalidateQueries(),
  });
}
