import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button, EmptyState, JobBadge, ProgressBar, QueryView, SkeletonRows, useToast } from "@/components/ui";
import type { Page } from "@/lib/api-client";
import { messageOf } from "@/lib/error-words";
import { formatMoment } from "@/lib/format";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { reports as words } from "@/messages/reports";
import { applyJob, downloadResult, errorOf, useJobs, type Job, type JobEvent } from "../api/reports";
import styles from "./reports.module.css";

function JobItem({ job }: { job: Job }) {
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const kind = words.kinds[job.kind] ?? job.kind;
  const download = () => {
    setBusy(true);
    downloadResult(job)
      .catch((error: unknown) => toast({ message: messageOf(error), tone: "failed" }))
      .finally(() => setBusy(false));
  };
  return (
    <li className={styles.job}>
      <div className="grow stack-small">
        <span className="strong">{job.result?.name ?? kind}</span>
        <span className="small muted">{formatMoment(job.created_at)}</span>
        {job.status === "queued" || job.status === "running" ? (
          <ProgressBar value={job.status === "queued" ? null : job.progress} label={job.message ?? words.progress(kind)} />
        ) : null}
        {job.status === "failed" ? (
          <span className={styles.failed} role="alert">
            {errorOf(job) ?? words.failed}
          </span>
        ) : null}
      </div>
      <JobBadge state={job.status} />
      {job.status === "succeeded" && job.result ? (
        <Button icon="download" busy={busy} onClick={download}>
          {words.download}
        </Button>
      ) : null}
    </li>
  );
}

/** What this person asked for: its progress first, then the download. */
export function JobList() {
  const query = useJobs();
  const queries = useQueryClient();
  useRealtimeEvents(["ops.job.progressed"], (frame) => {
    const event = frame.data as JobEvent;
    queries.setQueryData<Page<Job>>(["jobs"], (page) => (page ? applyJob(page, event) : page));
    if (event.status === "succeeded" || event.status === "failed") void queries.invalidateQueries({ queryKey: ["jobs"] });
  });
  return (
    <section className="stack-small" aria-labelledby="my-documents">
      <h2 id="my-documents">{words.mine}</h2>
      <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={3} columns={2} />}>
        {(page) => {
          const documents = page.data.filter((job) => job.kind === "grade_sheet");
          return documents.length === 0 ? (
            <EmptyState icon="report" title={words.none}>
              <p>{words.noneBody}</p>
            </EmptyState>
          ) : (
            <ul className={styles.jobs}>
              {documents.map((job) => (
                <JobItem key={job.id} job={job} />
              ))}
            </ul>
          );
        }}
      </QueryView>
    </section>
  );
}
