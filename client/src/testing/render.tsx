import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { ToastProvider } from "@/components/ui";
import { AuthProvider } from "@/lib/auth";
import { OfflineProvider } from "@/lib/offline/provider";
import { createQueryClient } from "@/lib/query-client";

function Address() {
  const { pathname, search } = useLocation();
  return (
    <output aria-label="address" hidden>
      {pathname + search}
    </output>
  );
}

/** Draws a page or a part with everything the app puts around it. `address()` is where the router stands. */
export function renderAt(at: string, ui: ReactNode) {
  const queries = createQueryClient();
  queries.setDefaultOptions({ queries: { retry: false } });
  const view = render(
    <QueryClientProvider client={queries}>
      <AuthProvider>
        <ToastProvider>
          <OfflineProvider>
            <MemoryRouter initialEntries={[at]}>
              {ui}
              <Address />
            </MemoryRouter>
          </OfflineProvider>
        </ToastProvider>
      </AuthProvider>
    </QueryClientProvider>,
  );
  return {
    ...view,
    queries,
    user: userEvent.setup(),
    address: () => view.container.querySelector('output[aria-label="address"]')?.textContent,
  };
}
