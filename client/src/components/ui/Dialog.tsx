import * as Radix from "@radix-ui/react-dialog";
import { useRef, useState, type FocusEvent, type ReactNode } from "react";
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
  /** Something was chosen that no field of the dialog holds: closing it asks, as it does when a field was changed. */
  changed?: boolean;
};

/**
 * Keeps the focus inside, gives it back, closes on Escape; what was typed is not thrown away without a word.
 * The scrim is ours: Radix's own would add an inline style, which the content policy refuses.
 */
export function Dialog({ open, ...props }: DialogProps) {
  return open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ onClose, title, description, children, footer, wide = false, changed = false }: Omit<DialogProps, "open">) {
  // Read before anything is mounted: a field that asks for the focus has it by the time an effect runs.
  const [opener] = useState(whoOpens);
  const typed = useTyped();
  const [asking, setAsking] = useState(false);
  const leave = () => {
    if (asking) setAsking(false);
    else if (changed || typed.any()) setAsking(true);
    else onClose();
  };
  return (
    <Radix.Root open onOpenChange={(next) => (next ? undefined : leave())}>
      <Radix.Portal>
        <div className={styles.scrim}>
          <Radix.Content
            className={classes(styles.dialog, wide && styles.wide)}
            {...(description ? {} : { "aria-describedby": undefined })}
            onFocusCapture={typed.onFocusCapture}
            onCloseAutoFocus={(event) => {
              // Radix knows only its own trigger. A refused form has put the focus on its field by now: leave it there.
              event.preventDefault();
              if (document.activeElement === document.body) giveFocusBack(opener);
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
            {asking ? (
              <div className={styles.footer} role="alertdialog" aria-label={common.leaveTyped}>
                <p className={styles.question}>{common.leaveTyped}</p>
                <Button autoFocus onClick={() => setAsking(false)}>
                  {common.leaveNot}
                </Button>
                <Button look="danger" onClick={onClose}>
                  {common.leaveDo}
                </Button>
              </div>
            ) : footer ? (
              <div className={styles.footer}>{footer}</div>
            ) : null}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const isControl = (node: unknown): node is Control =>
  node instanceof HTMLInputElement || node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement;
const heldBy = (control: Control) =>
  control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio")
    ? String(control.checked)
    : control.value;

/** What the fields of a dialog held when they were first entered: whether any holds something else now. */
function useTyped() {
  const before = useRef(new Map<Control, string>());
  return {
    onFocusCapture: (event: FocusEvent) => {
      const field = event.target;
      if (isControl(field) && !before.current.has(field)) before.current.set(field, heldBy(field));
    },
    any: () => [...before.current].some(([field, held]) => field.isConnected && heldBy(field) !== held),
  };
}

// What opened the first of several dialogs: one may follow another whose buttons are gone with it.
let first: HTMLElement | null = null;

/** What has the focus as a dialog opens. The item of a menu is gone when it closes: then the button that opened the menu. */
function whoOpens(): HTMLElement | null {
  const active = document.activeElement;
  const trigger = active?.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  const found = trigger ? document.getElementById(trigger) : active;
  const opener = found instanceof HTMLElement && found !== document.body ? found : null;
  if (opener && !opener.closest('[role="dialog"]')) first = opener;
  return opener;
}

/** To where it came from; when that is gone, as a row is after its removal, to the page's heading. */
function giveFocusBack(opener: HTMLElement | null) {
  [opener, first, document.querySelector<HTMLElement>("main h1")].find((one) => one?.isConnected)?.focus();
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
