import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import type { Schema } from "@/types";

export type Account = Schema<"ListedUser">;
export type AccountState = Account["state"];
export type AccountFilter = { search: string; role: string; state: string; page: number };
export type ActivationCode = Schema<"Code">;
export type IssuedCodes = Schema<"Codes">;

export const useAccounts = (filter: AccountFilter) =>
  useQuery({
    queryKey: ["accounts", filter],
    queryFn: ({ signal }) => api.get<Page<Account>>("/auth/users", { params: { ...filter, page_size: 50 }, signal }),
    placeholderData: keepPreviousData,
  });

export type LiveCodes = "ask" | "replace" | "keep";
export type CardCadet = Pick<
  Required<Schema<"Cadet">>,
  "id" | "student_id" | "last_name" | "first_name" | "middle_name" | "suffix_name" | "company" | "platoon"
>;
export type CardUnit = { company: string; platoon: string };

const CARD_FIELDS = "id,student_id,last_name,first_name,middle_name,suffix_name,company,platoon";

/** Every cadet of a unit, by platoon and last name: the order in which cards are handed out. */
async function wholeUnit(unit: CardUnit, signal: AbortSignal): Promise<CardCadet[]> {
  const cadets: CardCadet[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<CardCadet> = await api.get<Page<CardCadet>>("/cadets", {
      params: { ...unit, fields: CARD_FIELDS, sort: "company", page_size: 100, cursor },
      signal,
    });
    cadets.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return cadets;
}

export const useCardCadets = (unit: CardUnit) =>
  useQuery({
    queryKey: ["cadets", "cards", unit],
    queryFn: ({ signal }) => wholeUnit(unit, signal),
    enabled: unit.company !== "",
  });

/** One account, with the roster's words for its cadet. */
export const useAccount = (id: string) =>
  useQuery({
    queryKey: ["accounts", "one", id],
    queryFn: async ({ signal }) => {
      const account = await api.get<Schema<"AdministeredUser">>(`/auth/users/${id}`, { signal });
      const cadet = account.cadet_id === null ? null : await api.get<CardCadet>(`/cadets/${account.cadet_id}`, { signal });
      return { ...account, cadet };
    },
  });

/** Without an idempotency key: codes are never stored in the clear, so there is nothing to answer a second time. */
export const useIssueCodes = () =>
  useMutation({
    mutationFn: (body: ({ cadet_ids: number[] } | { user_ids: number[]; renew: true }) & { live: LiveCodes }) =>
      api.post<IssuedCodes>("/auth/activation-codes", { body }),
  });

/** How many codes that still work the server found and left alone, or null when it was refused for something else. */
export const liveCodesOf = (error: unknown): number | null =>
  error instanceof ApiError && error.code === "live_codes" ? (error.details as { live: number }).live : null;

export function useResetSecondStep() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post(`/auth/users/${id}/second-factor/reset`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["accounts"] }),
  });
}

export function useChangeAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: number; is_active: boolean }) => api.patch(`/auth/users/${id}`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["accounts"] }),
  });
}

export function useUnlockAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post(`/auth/users/${id}/unlock`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["accounts"] }),
  });
}
