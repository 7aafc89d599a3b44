import {
  useId,
  useState,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from "react";
import { common } from "@/messages/common";
import { classes } from "./classes";
import styles from "./Field.module.css";
import { Icon } from "./Icon";

type Frame = {
  label: string;
  hint?: ReactNode;
  /** In words; shown beside the field and read with it. */
  error?: string | undefined;
  optional?: boolean;
  /** The label is read out but not drawn: only in a toolbar, where the control says what it is. */
  hideLabel?: boolean;
};

type Wiring = { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };

/** Label above, hint, error. Give it any control: `<Field label="…">{(wiring) => <input {...wiring} />}</Field>` */
export function Field({
  label,
  hint,
  error,
  optional,
  hideLabel,
  children,
}: Frame & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : styles.label}>
        {label}
        {optional ? <span className={styles.optional}> ({common.optional})</span> : null}
      </label>
      {children({ id, "aria-describedby": described, "aria-invalid": error ? true : undefined })}
      {hint ? (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className={styles.error}>
          <Icon name="warning" small />
          <span>{error}</span>
        </p>
      ) : null}
    </div>
  );
}

type Own<T> = Frame & Omit<T, "id" | "className">;

export function TextField({
  label,
  hint,
  error,
  optional,
  hideLabel,
  ref,
  ...input
}: Own<InputHTMLAttributes<HTMLInputElement>> & { ref?: Ref<HTMLInputElement> }) {
  return (
    <Field {...{ label, hint, error, optional: optional ?? false, hideLabel: hideLabel ?? false }}>
      {(wiring) => <input ref={ref} type="text" {...input} {...wiring} className={styles.input} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  optional,
  hideLabel,
  ...input
}: Own<TextareaHTMLAttributes<HTMLTextAreaElement>>) {
  return (
    <Field {...{ label, hint, error, optional: optional ?? false, hideLabel: hideLabel ?? false }}>
      {(wiring) => <textarea rows={3} {...input} {...wiring} className={classes(styles.input, styles.area)} />}
    </Field>
  );
}

export type Choice = { value: string; label: string };

/** The platform's own select: the best one on a phone, with a keyboard and with a reader. */
export function Select({
  label,
  hint,
  error,
  optional,
  hideLabel,
  choices,
  placeholder,
  ...select
}: Own<SelectHTMLAttributes<HTMLSelectElement>> & { choices: readonly Choice[]; placeholder?: string }) {
  return (
    <Field {...{ label, hint, error, optional: optional ?? false, hideLabel: hideLabel ?? false }}>
      {(wiring) => (
        <span className={styles.select}>
          <select {...select} {...wiring} className={styles.input}>
            {placeholder === undefined ? null : <option value="">{placeholder}</option>}
            {choices.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
          <Icon name="down" small />
        </span>
      )}
    </Field>
  );
}

export function PasswordField({ label, hint, error, ...input }: Own<Omit<InputHTMLAttributes<HTMLInputElement>, "type">>) {
  const [shown, setShown] = useState(false);
  return (
    <Field {...{ label, hint, error }}>
      {(wiring) => (
        <span className={styles.password}>
          <input
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            {...input}
            {...wiring}
            type={shown ? "text" : "password"}
            className={styles.input}
          />
          <button
            type="button"
            className={styles.reveal}
            aria-label={shown ? common.hidePassword : common.showPassword}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? common.hide : common.show}
          </button>
        </span>
      )}
    </Field>
  );
}

export function Checkbox({
  label,
  hint,
  ...input
}: { label: ReactNode; hint?: ReactNode } & Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "id" | "className">) {
  const id = useId();
  return (
    <div className={styles.check}>
      <input {...input} id={id} type="checkbox" aria-describedby={hint ? `${id}-hint` : undefined} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** A few choices that exclude each other, all in sight. */
export function Segmented<T extends string>({
  label,
  choices,
  value,
  onChange,
  hideLabel = false,
}: {
  label: string;
  choices: readonly { value: T; label: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
  hideLabel?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className={styles.segmented}>
      <legend className={hideLabel ? "sr-only" : styles.label}>{label}</legend>
      <div>
        {choices.map((one) => (
          <label key={one.value}>
            <input
              type="radio"
              name={name}
              value={one.value}
              checked={one.value === value}
              onChange={() => onChange(one.value)}
            />
            <span>{one.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
