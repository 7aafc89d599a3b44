import { useState } from "react";
import { useSearchParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Button, EmptyState, QueryView, Segmented, SkeletonRows, useToast } from "@/components/ui";
import { rowsOf, useCourses } from "@/features/units/api/units";
import { AddCourse, CourseTable } from "@/features/units/components/Courses";
import { AddUnit } from "@/features/units/components/UnitForm";
import { UnitTable } from "@/features/units/components/UnitTable";
import { useCan } from "@/lib/auth";
import { useUnits } from "@/lib/units";
import { units as words } from "@/messages/units";

type Shown = "units" | "courses";

function Units() {
  const tree = useUnits();
  return (
    <QueryView query={tree} what={words.what} skeleton={<SkeletonRows rows={10} columns={4} what={words.what} />}>
      {(found) =>
        found.length === 0 ? (
          <EmptyState icon="flag" title={words.empty}>
            <p>{words.emptyBody}</p>
          </EmptyState>
        ) : (
          <UnitTable rows={rowsOf(found)} />
        )
      }
    </QueryView>
  );
}

function Courses({ page, onPage }: { page: number; onPage: (page: number) => void }) {
  const courses = useCourses(page);
  const { what } = words.courses;
  return (
    <QueryView query={courses} what={what} skeleton={<SkeletonRows rows={10} columns={2} what={what} />}>
      {(found) => <CourseTable page={found} onPage={onPage} />}
    </QueryView>
  );
}

export function Component() {
  const [params, setParams] = useSearchParams();
  const shown: Shown = params.get("show") === "courses" ? "courses" : "units";
  const page = Math.max(1, Number(params.get("page")) || 1);
  const tree = useUnits();
  const mayWrite = useCan("roster.write");
  const [adding, setAdding] = useState<Shown | null>(null);
  const toast = useToast();
  const added = (message: string) => {
    setAdding(null);
    toast({ message });
  };
  const show = (next: Shown, at = 1) =>
    setParams({ ...(next === "courses" ? { show: next } : {}), ...(at > 1 ? { page: String(at) } : {}) }, { replace: true });
  return (
    <Page
      title={words.title}
      layout="table"
      actions={
        mayWrite ? (
          <Button look="primary" icon="plus" onClick={() => setAdding(shown)}>
            {shown === "units" ? words.add : words.courses.add}
          </Button>
        ) : undefined
      }
      tools={
        <Segmented
          hideLabel
          label={words.title}
          choices={[
            { value: "units", label: words.tab },
            { value: "courses", label: words.courses.tab },
          ]}
          value={shown}
          onChange={show}
        />
      }
    >
      {shown === "units" ? <Units /> : <Courses page={page} onPage={(next) => show("courses", next)} />}
      {adding === "units" ? (
        <AddUnit
          rows={rowsOf(tree.data ?? [])}
          onClose={() => setAdding(null)}
          onSaved={(unit) => added(words.added(unit.name))}
        />
      ) : null}
      {adding === "courses" ? (
        <AddCourse onClose={() => setAdding(null)} onSaved={(course) => added(words.courses.added(course.name))} />
      ) : null}
    </Page>
  );
}
