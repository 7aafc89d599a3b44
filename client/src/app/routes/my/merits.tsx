import { Page } from "@/components/layouts/Page";
import { MyMeritsView } from "@/features/my/components/MyMeritsView";
import { my as words } from "@/messages/my";

export function Component() {
  return (
    <Page title={words.merits} layout="plain">
      <MyMeritsView />
    </Page>
  );
}
