import { Page } from "@/components/layouts/Page";
import { MyProfileView } from "@/features/my/components/MyProfileView";
import { my as words } from "@/messages/my";

export function Component() {
  return (
    <Page title={words.profile}>
      <MyProfileView />
    </Page>
  );
}
