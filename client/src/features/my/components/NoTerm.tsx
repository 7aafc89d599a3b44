import { EmptyState } from "@/components/ui";
import { ApiError } from "@/lib/api-error";
import { my as words } from "@/messages/my";

/** Before the office has opened a term there is nothing to show, which is not an error. */
export const isNoTerm = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

export const NoTerm = () => (
  <EmptyState icon="calendar" title={words.noTermTitle}>
    {words.noTerm}
  </EmptyState>
);
