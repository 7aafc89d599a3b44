import type { GradeState } from "@/components/ui";

/** Points are text with two decimals, or null while they are not known. */
export type Points = string | null;

export type ExplanationNode = {
  id: string;
  label: string;
  rule: string;
  points: Points;
  max: Points;
  records: string[];
  children: ExplanationNode[];
};

export type Part = { points: Points; max: Points; held: Points; open: Points; lost: Points };
export type ComponentName = "attendance" | "aptitude" | "subject";

export type ExplainedGrade = {
  cadet: { id: number; student_id: string; name: string; company: string | null; platoon: string | null };
  term: { id: number; name: string; school_year: string; semester: string };
  policy_version: number;
  state: GradeState;
  final: Points;
  transmuted: string | null;
  passed: boolean | null;
  remarks: string | null;
  components: Record<ComponentName, Points>;
  standing: Record<ComponentName, Part> & { total: Part & { best: string | null; pass_at: Points } };
  missing: { component: string; what: string; training_day_ids: number[]; exam: string | null }[];
  notices: { code: string; message: string; records: string[] }[];
  explanation: ExplanationNode;
  version: number;
  as_of: string | null;
};
