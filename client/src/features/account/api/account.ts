import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, renewToken, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";
import { readSession } from "@/lib/session";

export type SignIn = Schema<"Session">;

const KEY = ["sessions"];

export const useSessions = () =>
  useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<Page<SignIn>>("/auth/sessions", { signal, params: { page_size: 100 } }),
  });

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/auth/sessions/${id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useEndOthers() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<Schema<"Ended">>("/auth/sessions/end-others"),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: { current_password: string; new_password: string }) => {
      await api.post("/auth/password", { body });
      // The token in hand was made for who still had to choose one.
      await renewToken(readSession()?.token ?? null);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
