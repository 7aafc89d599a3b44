import { Component, type ErrorInfo, type ReactNode } from "react";
import { useLocation } from "react-router";
import { Button, EmptyState } from "@/components/ui";
import { log } from "@/lib/log";
import { common } from "@/messages/common";

class Boundary extends Component<{ place: string; children: ReactNode }, { error: Error | null; place: string }> {
  override state = { error: null as Error | null, place: this.props.place };

  static getDerivedStateFromError(reason: unknown) {
    return { error: reason instanceof Error ? reason : new Error(String(reason)) };
  }

  static getDerivedStateFromProps(props: { place: string }, state: { place: string }) {
    // Another address deserves another try.
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    log.error("A page stopped working", { error: error.message, where: info.componentStack?.split("\n")[1]?.trim() });
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <EmptyState
        icon="warning"
        title={common.crash.title}
        action={
          <Button look="primary" icon="refresh" onClick={() => window.location.reload()}>
            {common.crash.reload}
          </Button>
        }
      >
        {common.crash.body}
      </EmptyState>
    );
  }
}

/** Catches what breaks below; what is around it stays. */
export function ErrorBoundary({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return <Boundary place={pathname}>{children}</Boundary>;
}
