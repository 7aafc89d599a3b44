import { useQuery } from "@tanstack/react-query";
import type { AttendanceStatus } from "@/components/ui";
import { api, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";

export type RollRow = Omit<Schema<"RollRow">, "status"> & { status: AttendanceStatus | null };
export type RollDay = { id: number; term_id: number; date: string; title: string; is_cancelled: boolean };
export type RollFilter = { company: string; platoon: string };

const PAGE = 100;

export const rollKey = (dayId: string, filter: RollFilter) => ["roll", dayId, filter] as const;

/** The whole roll of a unit: it is called out, not paged through. */
async function wholeRoll(dayId: string, filter: RollFilter, signal: AbortSignal): Promise<RollRow[]> {
  const rows: RollRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<RollRow> = await api.get<Page<RollRow>>("/attendance", {
      params: { training_day_id: dayId, ...filter, page_size: PAGE, cursor },
      signal,
    });
    rows.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return rows;
}

export const useRoll = (dayId: string, filter: RollFilter) =>
  useQuery({ queryKey: rollKey(dayId, filter), queryFn: ({ signal }) => wholeRoll(dayId, filter, signal) });

export const useRollDay = (dayId: string) =>
  useQuery({
    queryKey: ["training-day", dayId],
    queryFn: ({ signal }) => api.get<RollDay>(`/training-days/${dayId}`, { signal }),
  });
