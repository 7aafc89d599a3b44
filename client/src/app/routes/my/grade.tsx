import { Page } from "@/components/layouts/Page";
import { useMyGrade } from "@/features/my/api/my";
import { MyGradeView } from "@/features/my/components/MyGradeView";
import { my as words } from "@/messages/my";

export function Component() {
  const term = useMyGrade().data?.term;
  return (
    <Page title={words.grade} subtitle={term ? words.term(term.name, term.school_year, term.semester) : undefined} layout="plain">
      <MyGradeView />
    </Page>
  );
}
