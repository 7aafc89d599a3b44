import { Page } from "@/components/layouts/Page";
import { ButtonLink, EmptyState } from "@/components/ui";
import { paths } from "@/config/paths";
import { common } from "@/messages/common";

const home = (
  <ButtonLink to={paths.home} look="primary">
    {common.notFound.home}
  </ButtonLink>
);

export function NotFound() {
  return (
    <Page title={common.notFound.page}>
      <EmptyState icon="search" title={common.notFound.title} action={home}>
        {common.notFound.body}
      </EmptyState>
    </Page>
  );
}

/** A page that exists, for somebody else. */
export function NotAllowed({ who }: { who: string }) {
  return (
    <Page title={common.notAllowed.page}>
      <EmptyState icon="lock" title={common.notAllowed.title} action={home}>
        {common.notAllowed.body(who)}
      </EmptyState>
    </Page>
  );
}
