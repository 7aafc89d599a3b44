import { useParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { paths } from "@/config/paths";
import { DisagreementList } from "@/features/disagreements/components/DisagreementList";
import { disagreements as words } from "@/messages/disagreements";
import { terms } from "@/messages/terms";

export function Component() {
  const { termId = "" } = useParams();
  return (
    <Page
      title={words.title}
      parent={{ to: paths.term(termId), label: terms.one }}
      layout="table"
      tools={<p className="soft">{words.lead}</p>}
    >
      <DisagreementList termId={termId} />
    </Page>
  );
}
