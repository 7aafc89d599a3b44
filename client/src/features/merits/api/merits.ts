import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api-client";
import { uuid7 } from "@/lib/ids";

export type Found = { id: number; name: string; unit: string; studentId: string };
export type MeritDraft = { kind: "merit" | "demerit"; points: number; reason: string };
type CadetRow = {
  id: number;
  student_id: string;
  first_name: string;
  last_name: string;
  company: string | null;
  platoon: string | null;
};
type Result = { stored: string[]; duplicates: string[]; rejected: { id: string; code: string; message: string }[] };

const asFound = (row: CadetRow): Found => ({
  id: row.id,
  name: `${row.last_name}, ${row.first_name}`,
  studentId: row.student_id,
  unit: [row.company, row.platoon].filter(Boolean).join(", "),
});

export const useFindCadets = (search: string) =>
  useQuery({
    queryKey: ["cadets", "find", search],
    queryFn: async ({ signal }) =>
      (await api.get<Page<CadetRow>>("/cadets", { params: { search, page_size: 8 }, signal })).data.map(asFound),
    enabled: search.length >= 2,
  });

/** A cadet that the address names: the page was opened from a grade. */
export const useNamedCadet = (id: string | null) =>
  useQuery({
    queryKey: ["cadets", "one", id, "found"],
    queryFn: async ({ signal }) => asFound(await api.get<CadetRow>(`/cadets/${id}`, { signal })),
    enabled: id !== null,
  });

export type Recorded = { stored: { id: string; cadet: Found }[]; refused: { cadet: Found; message: string }[] };

/** One record for each cadet; the ids are made once for the intention, so that a second try stores nothing twice. */
export function useRecordMerits(termId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({
      draft,
      cadets,
      ids,
    }: {
      draft: MeritDraft;
      cadets: readonly Found[];
      ids: readonly string[];
    }): Promise<Recorded> => {
      const occurred_at = new Date().toISOString();
      const records = cadets.map((cadet, index) => ({
        id: ids[index]!,
        term_id: termId,
        cadet_id: cadet.id,
        ...draft,
        occurred_at,
      }));
      const result = await api.post<Result>("/merits/records", { body: { records } });
      const refusals = new Map(result.rejected.map((one) => [one.id, one.message]));
      return {
        stored: cadets.flatMap((cadet, index) => (refusals.has(ids[index]!) ? [] : [{ id: ids[index]!, cadet }])),
        refused: cadets.flatMap((cadet, index) =>
          refusals.has(ids[index]!) ? [{ cadet, message: refusals.get(ids[index]!)! }] : [],
        ),
      };
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["gradebook"] }),
  });
}

export const takeBack = (ids: readonly string[], reason: string) =>
  Promise.all(
    ids.map((id) =>
      api.post(`/merits/records/${id}/void`, { body: { id: uuid7(), reason, occurred_at: new Date().toISOString() } }),
    ),
  );
