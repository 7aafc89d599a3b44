import { type ButtonHTMLAttributes, type ReactNode, type Ref } from "react";
import { Link } from "react-router";
import styles from "./Button.module.css";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

export type ButtonLook = "primary" | "plain" | "danger" | "quiet";

type Shared = { look?: ButtonLook; icon?: IconName; tiny?: boolean; wide?: boolean; children: ReactNode };

type ButtonProps = Shared &
  Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> & {
    /** While true the button keeps its focus and its width, and does nothing. */
    busy?: boolean;
    ref?: Ref<HTMLButtonElement>;
  };

const look = ({ look: kind = "plain", tiny, wide }: Omit<Shared, "children">, extra?: string) =>
  classes(styles.button, styles[kind], tiny && styles.tiny, wide && styles.wide, extra);

export function Button({
  look: kind,
  icon,
  tiny,
  wide,
  busy = false,
  children,
  className,
  onClick,
  type = "button",
  disabled,
  ...rest
}: ButtonProps) {
  const off = busy || disabled;
  return (
    <button
      {...rest}
      type={type}
      className={look({ ...(kind && { look: kind }), ...(tiny && { tiny }), ...(wide && { wide }) }, className)}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        // aria-disabled instead of disabled: the focus stays, and a reader still finds the button and its reason.
        if (off) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : icon ? <Icon name={icon} small={tiny === true} /> : null}
      <span>{children}</span>
    </button>
  );
}

/** An address that looks like a button. */
export function ButtonLink({ to, look: kind, icon, tiny, wide, children }: Shared & { to: string }) {
  return (
    <Link to={to} className={look({ ...(kind && { look: kind }), ...(tiny && { tiny }), ...(wide && { wide }) })}>
      {icon ? <Icon name={icon} small={tiny === true} /> : null}
      <span>{children}</span>
    </Link>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> & {
  icon: IconName;
  label: string;
  look?: ButtonLook;
  ref?: Ref<HTMLButtonElement>;
};

/** A button of one icon. Its label is read out and shown on hover. */
export function IconButton({
  icon,
  label,
  look: kind = "quiet",
  className,
  type = "button",
  disabled,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classes(styles.button, styles[kind], styles.square, className)}
      aria-label={label}
      title={label}
      aria-disabled={disabled || undefined}
      onClick={(event) => (disabled ? event.preventDefault() : onClick?.(event))}
    >
      <Icon name={icon} />
    </button>
  );
}
