import { AppShell } from "@/components/layouts/AppShell";
import { useUser } from "@/lib/auth";
import { RealtimeProvider } from "@/lib/realtime/realtime";

export function Component() {
  return (
    <RealtimeProvider userId={useUser().id}>
      <AppShell />
    </RealtimeProvider>
  );
}
