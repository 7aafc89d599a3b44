import { Page } from "@/components/layouts/Page";
import { SkeletonRows } from "@/components/ui";
import { navigation } from "@/messages/navigation";

export function Component() {
  return (
    <Page title={navigation.home} layout="table">
      <SkeletonRows />
    </Page>
  );
}
