import { useEffect, useState, type ComponentType } from "react";
import { Button, EmptyState } from "@/components/ui";
import { common } from "@/messages/common";

export type LoadPage = () => Promise<{ Component: ComponentType }>;

type Why = "noSignal" | "noAnswer" | "updated";

const EVERY = 4_000;

/** Why a page's file does not come: no signal, nobody who answers, or a newer build that has other files. */
async function reason(): Promise<Why> {
  if (!navigator.onLine) return "noSignal";
  try {
    await fetch("/", { method: "HEAD", cache: "no-store" });
    return "updated";
  } catch {
    return navigator.onLine ? "noAnswer" : "noSignal";
  }
}

/** In the place of a page whose file is not on the device: says so, and becomes the page as soon as the file can be had. */
export function AwayPage({ load }: { load: LoadPage }) {
  const [Page, setPage] = useState<ComponentType | null>(null);
  const [why, setWhy] = useState<Why | null>(null);

  useEffect(() => {
    let over = false;
    const attempt = () =>
      load().then(
        ({ Component }) => {
          if (!over) setPage(() => Component);
        },
        async () => {
          const found = await reason();
          if (!over) setWhy(found);
        },
      );
    void attempt();
    const timer = window.setInterval(() => void attempt(), EVERY);
    window.addEventListener("online", attempt);
    return () => {
      over = true;
      window.clearInterval(timer);
      window.removeEventListener("online", attempt);
    };
  }, [load]);

  if (Page) return <Page />;
  if (why === null) return null;
  if (why === "updated")
    return (
      <EmptyState
        icon="refresh"
        title={common.crash.title}
        action={
          <Button look="primary" icon="refresh" onClick={() => window.location.reload()}>
            {common.crash.reload}
          </Button>
        }
      >
        {common.crash.updated}
      </EmptyState>
    );
  return (
    <EmptyState icon="offline" title={common.away.title(common.away.page)}>
      <p role="status">{common.away[why]}</p>
    </EmptyState>
  );
}
