import { Page } from "@/components/layouts/Page";
import { SkeletonRows } from "@/components/ui";
import { navigation } from "@/messages/navigation";

export function Component() {
  return (
    <Page title={navigation.cadets} layout="table">
      <SkeletonRows />
    </Page>
  );
}
