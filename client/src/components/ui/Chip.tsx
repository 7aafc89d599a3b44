import type { ReactNode } from "react";
import { common } from "@/messages/common";
import type { GRADE_STATES } from "@/types/domain";
import styles from "./Chip.module.css";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

export type Tone = "plain" | "ok" | "wait" | "bad" | "info";

/** A word about a thing, with a shape: green done, gold not final, red wrong, blue somebody else, grey ordinary. */
export function Chip({ tone = "plain", icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={classes(styles.chip, styles[tone])}>
      {icon ? <Icon name={icon} small /> : null}
      <span>{children}</span>
    </span>
  );
}

export type GradeState = (typeof GRADE_STATES)[number];

const GRADE: Record<GradeState, { tone: Tone; icon: IconName }> = {
  complete: { tone: "plain", icon: "check" },
  provisional: { tone: "wait", icon: "clock" },
  no_data: { tone: "plain", icon: "info" },
  locked: { tone: "plain", icon: "lock" },
  special: { tone: "plain", icon: "badge" },
};

/** The state of a grade; `reason` ("Needs final") replaces the bare word. */
export function StateBadge({ state, reason }: { state: GradeState; reason?: string | undefined }) {
  return <Chip {...GRADE[state]}>{reason ?? common.state[state]}</Chip>;
}

export type JobState = "queued" | "running" | "succeeded" | "failed";

const JOB: Record<JobState, { tone: Tone; icon: IconName }> = {
  queued: { tone: "wait", icon: "clock" },
  running: { tone: "info", icon: "refresh" },
  succeeded: { tone: "ok", icon: "check" },
  failed: { tone: "bad", icon: "warning" },
};

export function JobBadge({ state }: { state: JobState }) {
  return <Chip {...JOB[state]}>{common.job[state]}</Chip>;
}
