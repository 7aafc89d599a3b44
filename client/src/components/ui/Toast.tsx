import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { common } from "@/messages/common";
import { IconButton } from "./Button";
import { Icon, type IconName } from "./Icon";
import styles from "./Toast.module.css";

export type ToastInit = { message: string; tone?: "done" | "wait" | "failed"; action?: { label: string; run: () => void } };
type Shown = ToastInit & { id: number };

const ICON: Record<NonNullable<ToastInit["tone"]>, IconName> = { done: "check", wait: "arrowUp", failed: "warning" };
const STAY = 10_000;

const ToastContext = createContext<(toast: ToastInit) => void>(() => undefined);

/** One toast at a time, for ten seconds, longer while it is pointed at or focused. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [held, setHeld] = useState(false);
  const next = useRef(0);
  const toast = useCallback((init: ToastInit) => setShown({ ...init, id: (next.current += 1) }), []);

  useEffect(() => {
    if (!shown || held) return;
    const timer = window.setTimeout(() => setShown(null), STAY);
    return () => window.clearTimeout(timer);
  }, [shown, held]);

  const hold = {
    onMouseEnter: () => setHeld(true),
    onMouseLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  };
  return (
    <ToastContext.Provider value={toast}>
      {children}
      <div className={styles.place} {...hold}>
        {/* The live region is there before its text, or readers miss the first one. */}
        <div role="status" aria-live="polite">
          {shown ? (
            <div key={shown.id} className={styles.toast}>
              <Icon name={ICON[shown.tone ?? "done"]} />
              <span className="grow">{shown.message}</span>
              {shown.action ? (
                <button
                  type="button"
                  className={styles.action}
                  onClick={() => {
                    setShown(null);
                    shown.action?.run();
                  }}
                >
                  {shown.action.label}
                </button>
              ) : null}
              <IconButton icon="close" label={common.close} className={styles.close} onClick={() => setShown(null)} />
            </div>
          ) : null}
        </div>
      </div>
    </ToastContext.Provider>
  );
}

/** const toast = useToast(); toast({ message: "40 marked present", action: { label: "Undo", run } }) */
export function useToast(): (toast: ToastInit) => void {
  return useContext(ToastContext);
}
