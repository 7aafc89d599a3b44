import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, renewToken } from "@/lib/api-client";
import { makePasskey } from "@/lib/passkeys";
import { readSession } from "@/lib/session";
import type { Schema } from "@/types";

export type SecondFactor = Schema<"SecondFactor">;
export type Authenticator = Schema<"Authenticator">;
type Codes = Schema<"RecoveryCodes">;

const KEY = ["second-factor"];

export const useSecondFactor = () =>
  useQuery({ queryKey: KEY, queryFn: ({ signal }) => api.get<SecondFactor>("/auth/second-factor", { signal }) });

/** Something that changes what the account has; the session learns of it with its next token. */
function useChange<In, Out>(change: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: In) => {
      const answer = await change(input);
      await queries.invalidateQueries({ queryKey: KEY });
      return answer;
    },
  });
}

/** After the first one: what was due is not any more. */
export const learn = () => renewToken(readSession()?.token ?? null);

export const beginAuthenticator = () => api.post<Authenticator>("/auth/second-factor/authenticator");

export const useConfirmAuthenticator = () =>
  useChange(
    async (code: string) =>
      (await api.post<Codes>("/auth/second-factor/authenticator/confirm", { body: { code } })).recovery_codes,
  );

export const useAddPasskey = () =>
  useChange(async (name: string) => {
    const { ticket, options } = await api.post<Schema<"PasskeyOptions">>("/auth/second-factor/passkeys/options");
    const credential = await makePasskey(options);
    const body = { ticket, name, credential };
    return (await api.post<Codes>("/auth/second-factor/passkeys", { body })).recovery_codes;
  });

export const useRemoveFactor = () =>
  useChange((passkey: number | null) =>
    api.delete(passkey === null ? "/auth/second-factor/authenticator" : `/auth/second-factor/passkeys/${passkey}`),
  );

export const useRenewCodes = () =>
  useChange(async () => (await api.post<Codes>("/auth/second-factor/recovery-codes")).recovery_codes);
