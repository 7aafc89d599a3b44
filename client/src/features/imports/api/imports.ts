import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "@/lib/api-error";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";
import { saveFile } from "@/lib/save-file";

export type ImportAction = "create" | "update" | "unchanged" | "conflict" | "invalid" | "ignored" | "duplicate" | "left_out";
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
  company: string | null;
  platoon: string | null;
  /** The cells of a row that is refused or was mended, by field, and those of them that somebody wrote anew. */
  given?: Record<string, string>;
  mended?: string[];
};
export type DateOrder = "day_first" | "month_first";
export type SheetLayout = {
  name: string;
  hidden: boolean;
  read: boolean;
  header_row: number | null;
  rows: number;
  unknown_columns: string[];
};
export type Layout = {
  sheets: SheetLayout[];
  /** Birth dates that read as two days where the file does not say which part is the day. */
  dates: { count: number; example: string | null; order: DateOrder | null };
};
/** What an officer answers and mends, as far as it changes; `values: null` takes back what was mended in a row. */
export type Correction = {
  sheets?: Record<string, boolean>;
  date_order?: DateOrder | null;
  rows?: { sheet: string; row: number; values?: Record<string, string> | null; left_out?: boolean }[];
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
  layout: Layout;
  revision: number;
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

/** Answers, mends, leaves out. The version is that of the preview on the screen: over somebody else's change it is refused. */
export function useCorrectImport(found: Pick<RosterImport, "id" | "revision">) {
  const queries = useQueryClient();
  const key = one(String(found.id));
  return useMutation({
    mutationFn: (change: Correction) =>
      api.patch<ImportDetail>(`/cadets/imports/${found.id}`, { body: change, version: found.revision }),
    onSuccess: (next) => queries.setQueryData(key, next),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 412) void queries.invalidateQueries({ queryKey: key });
    },
  });
}

export function useDiscardImport(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(`/cadets/imports/${id}`),
    onSuccess: () => {
      queries.removeQueries({ queryKey: one(id) });
      return queries.invalidateQueries({ queryKey: ["imports"], exact: true });
    },
  });
}

/** The rows that are not imported, with their reasons, as a file to mend and upload again. */
export async function saveRefusedRows(id: number, format: "xlsx" | "csv"): Promise<void> {
  const { blob, name } = await api.download(`/cadets/imports/${id}/refused`, { params: { format } });
  saveFile(blob, name ?? `refused-rows-${id}.${format}`);
}

/** Applies or takes back; either way the roster and everything built on it may have changed. */
export function useImportStep(id: string, step: "apply" | "undo") {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (version?: number) =>
      api.post<RosterImport & { created?: number; updated?: number }>(`/cadets/imports/${id}/${step}`, {
        ...(version !== undefined && { version }),
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
}
