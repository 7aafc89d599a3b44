import { GradeParts } from "@/components/grade/GradeParts";
import { GradeSummary } from "@/components/grade/GradeSummary";
import { Loading, QueryView, Skeleton } from "@/components/ui";
import { my as words } from "@/messages/my";
import { useMyAttendance, useMyChanges, useMyGrade } from "../api/my";
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
      {[0, 1, 2].map((part) => (
        <Skeleton key={part} height={48} />
      ))}
    </div>
  </Loading>
);

/** Where do I stand, and why: the answer in the first screen of a phone. */
export function MyGradeView() {
  useMyChanges();
  const grade = useMyGrade();
  const attendance = useMyAttendance();
  const days = attendance.data?.data;

  if (isNoTerm(grade.error)) return <NoTerm />;
  return (
    <QueryView query={grade} what={words.yourGrade} skeleton={skeleton}>
      {(data) => (
        <div className={styles.grade}>
          <GradeSummary grade={data} asOf={grade.dataUpdatedAt} />
          <GradeParts grade={data} extra={(part) => (part === "attendance" && days ? <DayStrip days={days} /> : null)} />
        </div>
      )}
    </QueryView>
  );
}
