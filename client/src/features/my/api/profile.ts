import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api-client";

export type MyProfile = {
  id: number;
  student_id: string;
  username: string | null;
  rank: string | null;
  first_name: string;
  middle_name: string | null;
  last_name: string;
  suffix_name: string | null;
  email: string | null;
  contact_number: string | null;
  address: string | null;
  course: string | null;
  year_level: string | null;
  school_year: string | null;
  company: string | null;
  platoon: string | null;
  cadet_course: string | null;
  semester: string | null;
  corp_position: string | null;
  gender: string | null;
  religion: string | null;
  birthdate: string | null;
  status: string;
  is_profile_completed: boolean;
  version: number;
};

export type ProfileChange = Partial<Pick<MyProfile, "email" | "contact_number" | "address" | "gender" | "religion" | "birthdate">> & { is_profile_completed?: true };

const KEY = ["my", "profile"];

export const useMyProfile = () => useQuery({ queryKey: KEY, queryFn: ({ signal }) => api.get<MyProfile>("/cadets/me", { signal }) });

export function useSaveMyProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ change, version }: { change: ProfileChange; version: number }) => api.patch<MyProfile>("/cadets/me", { body: change, version }),
    onSuccess: (saved) => queries.setQueryData(KEY, saved),
  });
}
