import { Page } from "@/components/layouts/Page";
import { WaitingList } from "@/features/waiting/components/WaitingList";
import { offline as words } from "@/messages/offline";

export function Component() {
  return (
    <Page title={words.title}>
      <WaitingList />
    </Page>
  );
}
