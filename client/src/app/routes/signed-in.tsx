import { AppShell } from "@/components/layouts/AppShell";
import { useUser } from "@/lib/auth";
import { OfflineProvider } from "@/lib/offline/provider";
import { RealtimeProvider } from "@/lib/realtime/realtime";

export function Component() {
  return (
    <RealtimeProvider userId={useUser().id}>
      <OfflineProvider>
        <AppShell />
      </OfflineProvider>
    </RealtimeProvider>
  );
}
