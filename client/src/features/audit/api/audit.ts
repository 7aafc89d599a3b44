import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api-client";
import { formatMoment } from "@/lib/format";
import type { Schema } from "@/types";

export type Entry = Required<Schema<"AuditEntry">>;
export type Area = "roster" | "grading" | "auth" | "media";
export type EntryFilter = { area: Area; action: string; object: string; object_id: string; actor_id: string; page: number };

export const useEntries = ({ area, ...filter }: EntryFilter) =>
  useQuery({
    queryKey: ["audit", area, filter],
    queryFn: ({ signal }) => {
      const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
      return api.get<Page<Entry>>(`/audit/${area}`, { params: { ...asked, page_size: 50 }, signal });
    },
    placeholderData: keepPreviousData,
  });

export type Change = { field: string; before: string | null; after: string | null };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

function shown(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string") return JSON.stringify(value);
  return INSTANT.test(value) ? formatMoment(value) : value;
}

/** What an entry says field by field, in the order of the alphabet (the id stands beside it); a field that had or has no value says null. */
export function changesOf(entry: Pick<Entry, "before" | "after">): Change[] {
  const before = entry.before as Record<string, unknown>;
  const after = entry.after as Record<string, unknown>;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => field !== "id")
    .sort()
    .map((field) => ({ field, before: shown(before[field]), after: shown(after[field]) }));
}
