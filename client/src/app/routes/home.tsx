import { Navigate } from "react-router";
import { Page } from "@/components/layouts/Page";
import { paths } from "@/config/paths";
import { useHomeFacts } from "@/features/home/api/home";
import { OfficeHome } from "@/features/home/components/OfficeHome";
import { useCan, useUser } from "@/lib/auth";
import { home as words } from "@/messages/home";

function Office() {
  const user = useUser();
  const term = useHomeFacts().data?.term;
  return (
    <Page title={words.hello(user.display_name)} subtitle={term?.name} layout="cards">
      <OfficeHome />
    </Page>
  );
}

/** For a cadet the first page is the one question they come with. */
export function Component() {
  return useCan("roster.read") ? <Office /> : <Navigate to={paths.myGrade} replace />;
}
