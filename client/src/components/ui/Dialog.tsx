import * as Radix from "@radix-ui/react-dialog";
import { useRef, useState, type ReactNode } from "react";
import { messageOf } from "@/lib/error-words";
import { common } from "@/messages/common";
import { Button, IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Dialog.module.css";
import { Icon } from "./Icon";

type DialogProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
};

/** Keeps the focus inside, gives it back, closes on Escape. The scrim is ours: Radix's own would add an inline style, which the content policy refuses. */
export function Dialog({ open, onClose, title, description, children, footer, wide = false }: DialogProps) {
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <div className={styles.scrim}>
          <Radix.Content
            className={classes(styles.dialog, wide && styles.wide)}
            {...(description ? {} : { "aria-describedby": undefined })}
            onOpenAutoFocus={() => {
              opener.current = document.activeElement;
            }}
            onCloseAutoFocus={(event) => {
              // Radix knows only its own trigger. A refused form has put the focus on its field by now: leave it there.
              event.preventDefault();
              if (document.activeElement === document.body && opener.current instanceof HTMLElement) opener.current.focus();
            }}
          >
            <div className={styles.head}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
              <Radix.Close asChild>
                <IconButton icon="close" label={common.close} />
              </Radix.Close>
            </div>
            <div className={styles.body}>
              {description ? (
                <Radix.Description asChild>
                  <div className={styles.description}>{description}</div>
                </Radix.Description>
              ) : null}
              {children}
            </div>
            {footer ? <div className={styles.footer}>{footer}</div> : null}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

type ConfirmProps = {
  open: boolean;
  onClose: () => void;
  /** Names the thing and the number: "Archive 14 cadets?" */
  title: string;
  body: ReactNode;
  /** A verb and the number: "Archive 14 cadets" */
  confirm: string;
  /** A verb too: "Keep them" */
  keep: string;
  danger?: boolean;
  onConfirm: () => Promise<unknown> | void;
};

/** Asks once, stays open while it works, and says in place why it failed. */
export function ConfirmDialog({ open, onClose, title, body, confirm, keep, danger = false, onConfirm }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const close = () => {
    setError(null);
    onClose();
  };
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      close();
    } catch (reason) {
      setError(messageOf(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onClose={busy ? () => undefined : close}
      title={title}
      description={body}
      footer={
        <>
          <Button onClick={close}>{keep}</Button>
          <Button look={danger ? "danger" : "primary"} busy={busy} onClick={() => void run()}>
            {confirm}
          </Button>
        </>
      }
    >
      {error ? (
        <p role="alert" className={styles.error}>
          <Icon name="warning" small /> {error}
        </p>
      ) : null}
    </Dialog>
  );
}
