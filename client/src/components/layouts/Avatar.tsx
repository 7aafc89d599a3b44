import { classes } from "@/components/ui";
import styles from "./Avatar.module.css";

export const initials = (name: string): string => {
  const words = name
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase();
};

export function Avatar({ name, onRail = false }: { name: string; onRail?: boolean }) {
  // Drawn, not written: two letters are a picture of a name, and speech control would take them for a word.
  return <span className={classes(styles.avatar, onRail && styles.onRail)} data-initials={initials(name)} aria-hidden="true" />;
}
