import { useQuery } from "@tanstack/react-query";
import { paths } from "@/config/paths";
import { api, type Page } from "@/lib/api-client";
import { uuid7 } from "@/lib/ids";
import type { Draft, Fact } from "@/lib/offline/facts";
import { useOfflineQueue } from "@/lib/offline/context";
import { merits as words } from "@/messages/merits";

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

/** Keeps one record for each cadet on this device, from where it goes to the server by itself. */
export function useRecordMerits(termId: number) {
  const queue = useOfflineQueue();
  return (draft: MeritDraft, cadets: readonly Found[]): Promise<Fact[]> =>
    queue.add(
      cadets.map((cadet): Draft => ({
        kind: "points",
        body: { term_id: termId, cadet_id: cadet.id, ...draft },
        about: {
          who: cadet.name,
          what: words.fact(words[draft.kind], draft.points, draft.reason),
          where: words.title,
          to: `${paths.merits}?term=${termId}&cadet=${cadet.id}`,
        },
      })),
    );
}

export const takeBack = (ids: readonly string[], reason: string) =>
  Promise.all(
    ids.map((id) =>
      api.post(`/merits/records/${id}/void`, { body: { id: uuid7(), reason, occurred_at: new Date().toISOString() } }),
    ),
  );
