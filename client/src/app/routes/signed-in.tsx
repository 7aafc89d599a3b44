import { lazy, Suspense } from "react";
import { AppShell } from "@/components/layouts/AppShell";
import { useUser } from "@/lib/auth";
import { recordsFacts } from "@/lib/authorization";
import { RealtimeProvider } from "@/lib/realtime/realtime";

// Its dialog brings a library that the first page should not wait for.
const PasswordPrompt = lazy(async () => ({
  default: (await import("@/components/layouts/PasswordPrompt")).PasswordPrompt,
}));
// The router has fetched it beside this page; a cadet's phone never does.
const OfflineProvider = lazy(async () => ({ default: (await import("@/lib/offline/provider")).OfflineProvider }));

export function Component() {
  const user = useUser();
  return (
    <RealtimeProvider userId={user.id}>
      {recordsFacts(user) ? (
        <OfflineProvider>
          <AppShell />
        </OfflineProvider>
      ) : (
        <AppShell />
      )}
      <Suspense fallback={null}>
        <PasswordPrompt />
      </Suspense>
    </RealtimeProvider>
  );
}
