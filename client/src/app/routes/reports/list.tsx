import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { EmptyState, QueryView, SkeletonRows } from "@/components/ui";
import { useTermChoices } from "@/features/gradebook/api/gradebook";
import { JobList } from "@/features/reports/components/JobList";
import { ReportForm } from "@/features/reports/components/ReportForm";
import styles from "@/features/reports/components/reports.module.css";
import { reports as words } from "@/messages/reports";

export function Component() {
  const [params] = useSearchParams();
  const terms = useTermChoices();
  return (
    <Page title={words.title}>
      <div className={styles.page}>
        <QueryView query={terms} what={words.terms} skeleton={<SkeletonRows rows={3} columns={2} />}>
          {(page) =>
            page.data.length === 0 ? (
              <EmptyState icon="report" title={words.noTerm} />
            ) : (
              <ReportForm
                terms={page.data.map((term) => ({ value: String(term.id), label: term.name }))}
                term={params.get("term") ?? String(page.data[0]!.id)}
              />
            )
          }
        </QueryView>
        <JobList />
      </div>
    </Page>
  );
}
