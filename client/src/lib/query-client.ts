import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/lib/api-error";

const MAX_RETRIES = 2;

/** A refusal is an answer, not a fault: only a lost connection or a server in trouble is worth asking again. */
export function worthRetrying(failures: number, error: unknown): boolean {
  if (failures >= MAX_RETRIES) return false;
  if (!(error instanceof ApiError)) return false;
  // Who has waited that long is told first, and asks again by a button.
  return error.code === "TIMEOUT" ? false : error.isNetwork || error.status >= 500;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: worthRetrying, staleTime: 15_000, gcTime: 10 * 60_000, refetchOnWindowFocus: true },
      // A write is repeated only by the person, or by a queue that sends the same record id.
      mutations: { retry: false },
    },
  });
}
