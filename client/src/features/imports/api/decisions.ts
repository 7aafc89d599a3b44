import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { ImportDetail, ImportRow } from "./imports";

export type RowDecision = "same" | "another" | "leave";
export type PersonValues = Record<string, string | null>;
/** Whom a row may mean: a cadet on file, somebody of an earlier row of the file, or both. */
export type Candidate = {
  cadet_id: number | null;
  place: string | null;
  why: string;
  is_archived: boolean;
  values: PersonValues;
};
export type ConflictRow = ImportRow & { candidates: Candidate[]; values: PersonValues; decision: RowDecision | null };

/** The rows about which a question was asked, answered or not, in the order of the file. */
export const conflictsOf = (rows: readonly ImportRow[]): ConflictRow[] =>
  (rows as readonly Partial<ConflictRow>[]).filter((row): row is ConflictRow => (row.candidates?.length ?? 0) > 0);

type Said = { row: ConflictRow; decision: RowDecision | null; candidate?: Candidate };

/** Says who a row is, or takes it back with null; the answer is the whole preview as it is then. */
export function useDecideRow(importId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ row, decision, candidate }: Said) =>
      api.put<ImportDetail>(`/cadets/imports/${importId}/decisions`, {
        body: {
          decisions: [
            {
              sheet: row.sheet,
              row: row.row,
              decision,
              cadet_id: candidate?.cadet_id ?? null,
              place: candidate?.place ?? null,
            },
          ],
        },
      }),
    onSuccess: (now) => queries.setQueryData(["imports", String(importId)], now),
  });
}
