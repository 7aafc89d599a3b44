import { classes } from "@/components/ui";
import styles from "./Avatar.module.css";

export const initials = (name: string): string => {
  const words = name.trim().split(/[\s,]+/).filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase();
};

export function Avatar({ name, onRail = false }: { name: string; onRail?: boolean }) {
  return <span className={classes(styles.avatar, onRail && styles.onRail)} aria-hidden="true">{initials(name)}</span>;
}
