import { lazy, Suspense } from "react";
import { AppShell } from "@/components/layouts/AppShell";
import { useUser } from "@/lib/auth";
import { OfflineProvider } from "@/lib/offline/provider";
import { RealtimeProvider } from "@/lib/realtime/realtime";

// Its dialog brings a library that the first page should not wait for.
const PasswordPrompt = lazy(async () => ({
  default: (await import("@/components/layouts/PasswordPrompt")).PasswordPrompt,
}));

export function Component() {
  return (
    <RealtimeProvider userId={useUser().id}>
      <OfflineProvider>
        <AppShell />
      </OfflineProvider>
      <Suspense fallback={null}>
        <PasswordPrompt />
      </Suspense>
    </RealtimeProvider>
  );
}
