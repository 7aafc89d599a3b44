import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";

export type OwnEmail = Schema<"OwnEmail">;
// Every field is there when none is picked by name.
export type WaitingAddress = Required<Schema<"EmailChange">>;
export type EmailLink = Schema<"EmailLink">;
export type Decision = "accept" | "refuse";

const OWN = ["email"];
const WAITING = ["email-changes"];

export const useOwnEmail = () =>
  useQuery({ queryKey: OWN, queryFn: ({ signal }) => api.get<OwnEmail>("/auth/email", { signal }) });

export const useWaitingAddresses = (page: number, size: number) =>
  useQuery({
    queryKey: [...WAITING, page, size],
    queryFn: ({ signal }) => api.get<Page<WaitingAddress>>("/auth/email-changes", { signal, params: { page, page_size: size } }),
  });

export function useDecide() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, decision }: { id: number; decision: Decision }) => api.post(`/auth/email-changes/${id}/${decision}`),
    onSettled: () =>
      Promise.all([queries.invalidateQueries({ queryKey: OWN }), queries.invalidateQueries({ queryKey: WAITING })]),
  });
}

export const useEmailLink = (token: string) =>
  useQuery({
    queryKey: ["email-link", token],
    queryFn: () => api.post<EmailLink>("/auth/email-links/look", { anonymous: true, body: { token } }),
    retry: false,
  });

export function useDecideByLink(token: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (decision: "accept" | "undo") =>
      api.post<EmailLink>(`/auth/email-links/${decision}`, { anonymous: true, body: { token } }),
    onSuccess: (link) => queries.setQueryData(["email-link", token], link),
  });
}
