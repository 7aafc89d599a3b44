import * as Radix from "@radix-ui/react-dropdown-menu";
import type { ReactNode } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import styles from "./Menu.module.css";

export type MenuItem = { label: string; icon?: IconName; danger?: boolean; onSelect: () => void };

/** A button (the child) that opens a list of actions. Not modal, which would add an inline style that the content policy refuses. */
export function Menu({
  items,
  children,
  label,
}: {
  items: readonly (MenuItem | "divider")[];
  children: ReactNode;
  label?: string;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.menu} align="end" sideOffset={4} collisionPadding={8} aria-label={label}>
          {items.map((item, index) =>
            item === "divider" ? (
              <Radix.Separator key={`divider-${index}`} className={styles.divider} />
            ) : (
              <Radix.Item
                key={item.label}
                className={classes(styles.item, item.danger && styles.danger)}
                onSelect={item.onSelect}
              >
                {item.icon ? <Icon name={item.icon} /> : null}
                {item.label}
              </Radix.Item>
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
