import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { Schema } from "@/types";

// Every field is there when none is picked by name.
export type MyProfile = Required<Schema<"Cadet">>;
export type ProfileChange = Partial<Schema<"OwnProfilePatch">>;

const KEY = ["my", "profile"];

export const useMyProfile = () =>
  useQuery({ queryKey: KEY, queryFn: ({ signal }) => api.get<MyProfile>("/cadets/me", { signal }) });

export function useSaveMyProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ change, version }: { change: ProfileChange; version: number }) =>
      api.patch<MyProfile>("/cadets/me", { body: change, version }),
    onSuccess: (saved) => queries.setQueryData(KEY, saved),
  });
}
