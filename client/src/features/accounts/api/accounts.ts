import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api-client";
import type { Schema } from "@/types";

export type Account = Schema<"AdministeredUser">;
export type AccountState = Account["state"];
export type AccountFilter = { search: string; role: string; state: string; page: number };
export type ActivationCode = Schema<"Code">;
export type IssuedCodes = { codes: ActivationCode[]; skipped: { code: string }[] };

export const useAccounts = (filter: AccountFilter) =>
  useQuery({
    queryKey: ["accounts", filter],
    queryFn: ({ signal }) => api.get<Page<Account>>("/auth/users", { params: { ...filter, page_size: 50 }, signal }),
    placeholderData: keepPreviousData,
  });

/** Without an idempotency key: codes are never stored in the clear, so there is nothing to answer a second time. */
export const useIssueCodes = () =>
  useMutation({
    mutationFn: (body: { company: string; renew: true } | { user_ids: number[]; renew: true }) =>
      api.post<IssuedCodes>("/auth/activation-codes", { body }),
  });

export function useChangeAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: number; is_active: boolean }) => api.patch<Account>(`/auth/users/${id}`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["accounts"] }),
  });
}

export const unlockAccount = (id: number) => api.post(`/auth/users/${id}/unlock`);
