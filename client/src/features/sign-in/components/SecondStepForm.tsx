import { useState } from "react";
import { Button, FormError, Icon, TextField } from "@/components/ui";
import { ApiError } from "@/lib/api-error";
import { useAuth } from "@/lib/auth";
import { messageOf } from "@/lib/error-words";
import { PasskeyError, showPasskey } from "@/lib/passkeys";
import type { SecondStep } from "@/lib/second-step";
import { auth as words } from "@/messages/auth";
import { secondStep, type Shown } from "../api/sign-in";
import styles from "./second-step.module.css";

const DIGITS = 6;
type Method = SecondStep["methods"][number];

/** The second half of a sign-in. A refused code is said in place and can be typed again; what is over leads back to the start. */
export function SecondStepForm({
  step,
  handle,
  onDone,
  onOver,
}: {
  step: SecondStep;
  handle: string;
  onDone: () => void;
  onOver: (why?: string) => void;
}) {
  const { begin } = useAuth();
  const [method, setMethod] = useState<Method>(step.methods[0] ?? "totp");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const send = async (show: () => Promise<Shown>) => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      begin(await secondStep(step.ticket, await show(), handle), handle);
      onDone();
    } catch (reason) {
      setTyped("");
      if (reason instanceof PasskeyError) setError(reason.message);
      else if (reason instanceof ApiError && reason.code === "second_step_over") onOver(reason.message);
      else setError(wordsOf(reason));
    } finally {
      setBusy(false);
    }
  };
  const withPasskey = () => send(async () => ({ passkey: await showPasskey(step.passkey ?? {}) }));
  const type = (text: string) => {
    const code = text.replace(/\D/g, "").slice(0, DIGITS);
    setTyped(code);
    if (code.length === DIGITS) void send(async () => ({ code }));
  };
  const others = step.methods.filter((one) => one !== method);
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (method === "passkey") void withPasskey();
        else if (typed.trim()) void send(async () => (method === "totp" ? { code: typed } : { recovery_code: typed }));
        else setError(words.codeMissing);
      }}
    >
      <p className="soft">{words.secondFor(step.name)}</p>
      {method === "passkey" ? (
        <>
          <FormError>{error}</FormError>
          <p>{words.passkeyHint}</p>
          <Button type="submit" look="primary" icon="key" wide busy={busy} autoFocus>
            {words.passkeyDo}
          </Button>
        </>
      ) : (
        <>
          {method === "totp" ? (
            <TextField
              key="totp"
              label={words.appCode}
              hint={words.appCodeHint}
              error={error}
              inputMode="numeric"
              autoComplete="one-time-code"
              autoFocus
              maxLength={DIGITS + 1}
              value={typed}
              onChange={(event) => type(event.target.value)}
            />
          ) : (
            <TextField
              key="recovery"
              label={words.recoveryCode}
              hint={words.recoveryHint(step.recovery_codes_left)}
              error={error}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              autoFocus
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
          <Button type="submit" look="primary" wide busy={busy}>
            {words.secondDo}
          </Button>
        </>
      )}
      <ul className={styles.ways}>
        {others.map((one) => (
          <li key={one}>
            <button
              type="button"
              onClick={() => {
                setMethod(one);
                setTyped("");
                setError(undefined);
              }}
            >
              <Icon name={one === "passkey" ? "key" : one === "totp" ? "clock" : "report"} />
              <span className="grow">{words.ways[one]}</span>
              <Icon name="right" small />
            </button>
          </li>
        ))}
        <li>
          <p className="small muted">{words.noWay}</p>
        </li>
      </ul>
      <Button look="quiet" onClick={() => onOver()}>
        {words.somebodyElse}
      </Button>
    </form>
  );
}

function wordsOf(reason: unknown): string {
  if (!(reason instanceof ApiError) || reason.code !== "second_step_wrong") return messageOf(reason);
  const left = Number(reason.fields["tries_left"]?.[0] ?? 1);
  return left > 0 ? `${reason.message} ${words.triesLeft(left)}` : reason.message;
}
