import { useQueryClient } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { GradeParts } from "@/components/grade/GradeParts";
import { GradeSummary } from "@/components/grade/GradeSummary";
import { Page } from "@/components/layouts/Page";
import { ButtonLink, Chip, QueryView, Select, SkeletonRows } from "@/components/ui";
import { paths } from "@/config/paths";
import { useCadetGrade, useTermChoices } from "@/features/gradebook/api/gradebook";
import styles from "@/features/gradebook/components/gradebook.module.css";
import { MeritHistory } from "@/features/gradebook/components/MeritHistory";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { gradebook as words } from "@/messages/gradebook";

export function Component() {
  const { cadetId = "" } = useParams();
  const [params, setParams] = useSearchParams();
  const terms = useTermChoices();
  const termId = params.get("term") ?? String(terms.data?.data[0]?.id ?? "");
  const query = useCadetGrade(cadetId, termId);
  const queries = useQueryClient();
  useRealtimeEvents(["grading.grades.changed"], (frame) => {
    const event = frame.data as { rows: { cadet_id: number }[] };
    if (event.rows.some((row) => String(row.cadet_id) === cadetId)) void queries.invalidateQueries({ queryKey: ["gradebook"] });
  });
  const cadet = query.data?.cadet;
  const tools = (
    <Select
      hideLabel
      label={words.term}
      choices={(terms.data?.data ?? []).map((term) => ({ value: String(term.id), label: term.name }))}
      value={termId}
      onChange={(event) => setParams({ term: event.target.value }, { replace: true })}
    />
  );
  return (
    <Page
      title={cadet?.name ?? words.oneGrade}
      tools={tools}
      parent={{ to: `${paths.gradebook}?term=${termId}`, label: words.title }}
      subtitle={cadet ? <Chip>{[cadet.student_id, cadet.company, cadet.platoon].filter(Boolean).join(" · ")}</Chip> : undefined}
      actions={
        <>
          <ButtonLink to={paths.cadet(cadetId)} icon="person">
            {words.profile}
          </ButtonLink>
          <ButtonLink to={`${paths.merits}?term=${termId}&cadet=${cadetId}`} look="primary" icon="medal">
            {words.merit}
          </ButtonLink>
        </>
      }
    >
      <QueryView query={query} what={words.oneGrade} skeleton={<SkeletonRows rows={8} columns={3} />}>
        {(grade) => (
          <div className={styles.detail}>
            <GradeSummary grade={grade} asOf={query.dataUpdatedAt} />
            <GradeParts grade={grade} open />
            <MeritHistory cadetId={cadetId} termId={termId} />
          </div>
        )}
      </QueryView>
    </Page>
  );
}
