import { useMemo } from "react";
import { GradeParts, type RecordFact, type RecordFacts } from "@/components/grade/GradeParts";
import { GradeSummary } from "@/components/grade/GradeSummary";
import { Loading, QueryView, Skeleton } from "@/components/ui";
import { my as words } from "@/messages/my";
import { useMyAttendance, useMyChanges, useMyGrade, useMyMerits } from "../api/my";
import { DayStrip } from "./DayStrip";
import styles from "./my.module.css";
import { isNoTerm, NoTerm } from "./NoTerm";

const skeleton = (
  <Loading what={words.yourGrade}>
    <div className={styles.gradeSkeleton}>
      <Skeleton width="96px" height={24} />
      <Skeleton width="62%" height={32} />
      <Skeleton width="90%" height={16} />
      <Skeleton height={28} />
      {[0, 1, 2].map((part) => <Skeleton key={part} height={48} />)}
    </div>
  </Loading>
);

/** Where do I stand, and why: the answer in the first screen of a phone. */
export function MyGradeView() {
  useMyChanges();
  const grade = useMyGrade();
  const attendance = useMyAttendance();
  const merits = useMyMerits();
  const days = attendance.data?.data;
  const records = merits.data?.data;

  const facts: RecordFacts = useMemo(
    () =>
      new Map<string, RecordFact>([
        ...(days ?? []).flatMap((day) => (day.record_id ? [[day.record_id, { status: day.status, occurredAt: day.occurred_at }] as const] : [])),
        ...(records ?? []).map((one) => [one.id, { kind: one.kind, occurredAt: one.occurred_at }] as const),
      ]),
    [days, records],
  );

  if (isNoTerm(grade.error)) return <NoTerm />;
  return (
    <QueryView query={grade} what={words.yourGrade} skeleton={skeleton}>
      {(data) => (
        <div className={styles.grade}>
          <GradeSummary grade={data} asOf={grade.dataUpdatedAt} />
          <GradeParts grade={data} facts={facts} extra={(part) => (part === "attendance" && days ? <DayStrip days={days} /> : null)} />
        </div>
      )}
    </QueryView>
  );
}
