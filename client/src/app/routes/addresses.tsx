import { Page } from "@/components/layouts/Page";
import { paths } from "@/config/paths";
import { WaitingAddresses } from "@/features/addresses/components/WaitingAddresses";
import { addresses as words } from "@/messages/addresses";
import { cadets } from "@/messages/cadets";

export function Component() {
  return (
    <Page
      title={words.title}
      parent={{ to: paths.cadets, label: cadets.title }}
      layout="table"
      tools={<p className="soft">{words.lead}</p>}
    >
      <WaitingAddresses />
    </Page>
  );
}
