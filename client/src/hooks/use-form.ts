import { useEffect, useRef, useState, type FormEvent } from "react";
import { ApiError } from "@/lib/api-error";
import { messageOf } from "@/lib/error-words";
import { useDraft } from "./use-draft";

type Errors<T> = Partial<Record<keyof T & string, string>>;

type Options<T, R> = {
  initial: T;
  /** Words for each wrong field; an empty object when all is well. */
  validate?: (values: T) => Errors<T>;
  submit: (values: T) => Promise<R>;
  onDone?: (result: R) => void;
  /** Words for the whole form when the answer is a refusal this form knows; undefined leaves the general words. */
  explain?: (error: ApiError) => string | undefined;
};

/** Values, errors beside their fields, the first wrong field focused, and nothing lost when a save fails or a session ends. */
export function useForm<T extends Record<string, unknown>, R>({ initial, validate, submit, onDone, explain }: Options<T, R>) {
  const draft = useDraft(initial);
  const [values, setValues] = useState<T>(draft.values);
  const [errors, setErrors] = useState<Errors<T>>({});
  const [formError, setFormError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => draft.hold(values));
  // Once the fields carry aria-invalid: on a slow device that may be some frames after the answer came.
  useEffect(() => {
    if (shown > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [shown]);

  const set = <K extends keyof T & string>(name: K, value: T[K]) => {
    setValues((now) => ({ ...now, [name]: value }));
    setErrors((now) => {
      if (!now[name]) return now;
      const next = { ...now };
      delete next[name];
      return next;
    });
  };

  const show = (found: Errors<T>) => {
    setErrors(found);
    setShown((times) => times + 1);
  };

  /** Shows why a save was refused: beside the fields it names, or above the form. For saves that do not go through onSubmit. */
  const fail = (reason: unknown) => {
    const known = reason instanceof ApiError ? Object.entries(reason.fields).filter(([name]) => name in values) : [];
    if (known.length > 0) show(Object.fromEntries(known.map(([name, words]) => [name, words.join(" ")])) as Errors<T>);
    else setFormError((reason instanceof ApiError ? explain?.(reason) : undefined) ?? messageOf(reason));
  };

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const found = validate?.(values) ?? {};
    setFormError(null);
    show(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      onDone?.(await submit(values));
    } catch (reason) {
      fail(reason);
    } finally {
      setBusy(false);
    }
  };

  /** Props of a text control: <TextField label="…" {...text("email")} /> */
  const text = (name: keyof T & string) => ({
    name,
    value: String(values[name] ?? ""),
    error: errors[name],
    onChange: (event: { target: { value: string } }) => set(name, event.target.value as T[typeof name]),
  });

  return {
    values,
    set,
    errors,
    formError,
    busy,
    text,
    fail,
    reset: setValues,
    formProps: { ref: form, onSubmit: (event: FormEvent) => void onSubmit(event), noValidate: true },
  };
}
