import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";
import type { Unit } from "@/lib/units";
import type { Schema } from "@/types";

export type Course = Required<Schema<"Course">>;
export type NewUnit = { kind: string; name: string; parent_id: number | null; sequence: number };
export type UnitChanges = Partial<Pick<Unit, "name" | "sequence" | "is_active">>;
export type UnitRow = Unit & { depth: number };

export const COURSES_PER_PAGE = 50;

/** The tree as rows from top to bottom, each with how deep it stands. */
export const rowsOf = (tree: readonly Unit[], depth = 0): UnitRow[] =>
  tree.flatMap((unit) => [{ ...unit, depth }, ...rowsOf(unit.children, depth + 1)]);

function useUnitChange<Values>(change: (values: Values) => Promise<Unit>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    // A new name stands in the records of the cadets too. After a refusal as well: somebody else may have been there first.
    onSettled: () => Promise.all([["units"], ["cadets"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

export const useAddUnit = () =>
  useUnitChange((body: NewUnit) => api.post<Unit>("/units", { body, idempotencyKey: newIdempotencyKey() }));
export const useChangeUnit = () =>
  useUnitChange(({ unit, changes }: { unit: Unit; changes: UnitChanges }) =>
    api.patch<Unit>(`/units/${unit.id}`, { body: changes, version: unit.version }),
  );

export const useCourses = (page: number) =>
  useQuery({
    queryKey: ["courses", page],
    queryFn: ({ signal }) => api.get<Page<Course>>("/courses", { params: { page, page_size: COURSES_PER_PAGE }, signal }),
    placeholderData: keepPreviousData,
  });

export function useAddCourse() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.post<Course>("/courses", { body: { name }, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["courses"] }),
  });
}
