import { useParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Chip, QueryView, SkeletonRows } from "@/components/ui";
import { paths } from "@/config/paths";
import { usePolicy, useTerm } from "@/features/terms/api/terms";
import { PolicyView } from "@/features/terms/components/PolicyView";
import { policy as words } from "@/messages/policy";
import { terms } from "@/messages/terms";

export function Component() {
  const { termId = "" } = useParams();
  const term = useTerm(termId);
  const policy = usePolicy(termId);
  return (
    <Page
      title={policy.data ? words.title(policy.data.version) : words.what}
      subtitle={term.data ? <Chip>{words.of(term.data.name)}</Chip> : undefined}
      parent={{ to: paths.term(termId), label: terms.one }}
      layout="cards"
    >
      <QueryView query={policy} what={words.what} skeleton={<SkeletonRows rows={10} columns={3} what={words.what} />}>
        {(rules) => <PolicyView policy={rules} />}
      </QueryView>
    </Page>
  );
}
