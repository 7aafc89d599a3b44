import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { JobState } from "@/components/ui";
import { api, newIdempotencyKey, type Page } from "@/lib/api-client";
import { saveFile } from "@/lib/save-file";

export type Job = {
  id: string;
  kind: string;
  status: JobState;
  progress: number;
  message: string | null;
  result: { file_id: string; name: string } | null;
  error: { message?: string } | string | null;
  created_at: string;
};
export type ReportRequest = { kind: "grade_sheet"; term_id: number; format: string; company?: string };
export type JobEvent = { job_id: string } & Pick<Job, "status" | "progress" | "result" | "error">;

const POLL_MS = 3_000;
const isOpen = (job: Job) => job.status === "queued" || job.status === "running";

/** The person's own jobs. The socket brings progress; asking now and then covers a socket that is away. */
export const useJobs = () =>
  useQuery({
    queryKey: ["jobs"],
    queryFn: ({ signal }) => api.get<Page<Job>>("/tasks", { params: { page_size: 20 }, signal }),
    refetchInterval: (query) => (query.state.data?.data.some(isOpen) ? POLL_MS : false),
  });

export function useAskReport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ReportRequest) => api.post<{ task_id: string }>("/reports", { body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export async function downloadResult(job: Job): Promise<void> {
  if (!job.result) return;
  const { blob, name } = await api.download(`/files/${job.result.file_id}/download`);
  saveFile(blob, name ?? job.result.name);
}

export const errorOf = (job: Job): string | null => (typeof job.error === "string" ? job.error : (job.error?.message ?? null));

/** The list after one frame; an older frame never takes progress back. */
export function applyJob(page: Page<Job>, event: JobEvent): Page<Job> {
  return {
    ...page,
    data: page.data.map((job) =>
      job.id === event.job_id && isOpen(job) && event.progress >= job.progress
        ? {
            ...job,
            status: event.status,
            progress: event.progress,
            result: event.result ?? job.result,
            error: event.error ?? job.error,
          }
        : job,
    ),
  };
}
