import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AttendanceStatus } from "@/components/ui";
import { api, type Page } from "@/lib/api-client";
import { useUser } from "@/lib/auth";
import { uuid7 } from "@/lib/ids";
import type { Schema } from "@/types";

export type Said = Omit<Schema<"Said">, "status"> & { status: AttendanceStatus };
// Every field is there when none is picked by name.
export type Disagreement = Omit<Required<Schema<"Disagreement">>, "stands" | "other"> & { stands: Said; other: Said };
export type Kept = Schema<"Outcome">["effects"][number];

const KEY = ["disagreements"];

/** The marks of a term about which two devices disagree, the latest first; of one day where a day is named. */
export function useDisagreements(termId: string, dayId: string | null, page: number, size: number) {
  return useQuery({
    queryKey: [...KEY, termId, dayId, page, size],
    enabled: termId !== "",
    // Reads the log of the whole term: once a minute, not with every mark of a muster.
    refetchInterval: 60_000,
    queryFn: ({ signal }) =>
      api.get<Page<Disagreement>>("/attendance/disagreements", {
        params: { term_id: termId, training_day_id: dayId, page, page_size: size },
        signal,
      }),
  });
}

/** What the people behind these user ids are called. */
export function useNames(userIds: readonly number[]) {
  const ids = [...new Set(userIds)].sort((a, b) => a - b);
  const { data } = useQuery({
    queryKey: ["names", ids],
    enabled: ids.length > 0,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const { names } = await api.get<Schema<"Names">>("/auth/names", { params: { ids: ids.slice(0, 100).join(",") }, signal });
      return new Map(names.map(({ id, name }) => [id, name]));
    },
  });
  return (userId: number) => data?.get(userId) ?? `#${userId}`;
}

/** Writes a mark that corrects the one that stands, and so settles what two devices said. */
export function useKeep() {
  const queries = useQueryClient();
  const { id: actor } = useUser();
  return useMutation({
    mutationFn: async ({ day, cadet, status, over }: { day: number; cadet: number; status: AttendanceStatus; over: string }) => {
      const mark = { id: uuid7(), training_day_id: day, cadet_id: cadet, status, occurred_at: new Date().toISOString() };
      const outcome = await api.post<Schema<"Outcome">>("/attendance/marks", {
        body: { actor, marks: [{ ...mark, supersedes: over, based_on: over }] },
      });
      return { id: mark.id, effect: outcome.effects[0], refused: outcome.rejected[0] };
    },
    onSettled: () =>
      Promise.all([KEY, ["roll"], ["gradebook"], ["home"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
