import { AppShell } from "@/components/layouts/AppShell";
import { RealtimeProvider } from "@/lib/realtime/realtime";

export function Component() {
  return (
    <RealtimeProvider>
      <AppShell />
    </RealtimeProvider>
  );
}
