import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { AttendanceStatus } from "@/components/ui";
import { api, type Page } from "@/lib/api-client";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import type { Schema } from "@/types";
import type { ExplainedGrade } from "@/types/grade";

export type MyDay = Omit<Schema<"OwnDay">, "status"> & { status: Exclude<AttendanceStatus, "none"> | null };
export type MyMerit = Omit<Schema<"Points">, "voided"> & { voided: Schema<"Void"> | null };

// A term has far fewer days and records than one page holds.
const ALL = { page_size: 100 };

export const useMyGrade = () =>
  useQuery({ queryKey: ["my", "grade"], queryFn: ({ signal }) => api.get<ExplainedGrade>("/grading/me", { signal }) });

export const useMyAttendance = () =>
  useQuery({
    queryKey: ["my", "attendance"],
    queryFn: ({ signal }) => api.get<Page<MyDay>>("/grading/me/attendance", { signal, params: ALL }),
  });

export const useMyMerits = () =>
  useQuery({
    queryKey: ["my", "merits"],
    queryFn: ({ signal }) => api.get<Page<MyMerit>>("/grading/me/merits", { signal, params: ALL }),
  });

const MINE = [
  "grading.grades.changed",
  "grading.attendance.marked",
  "grading.merit.recorded",
  "grading.score.recorded",
  "grading.training_day.created",
  "grading.training_day.updated",
  "grading.training_day.cancelled",
];

/** Reads one's own pages again when something of one's own changed. A frame to a cadet carries only their own rows. */
export function useMyChanges(): void {
  const queries = useQueryClient();
  useRealtimeEvents(MINE, () => void queries.invalidateQueries({ queryKey: ["my"] }));
}
