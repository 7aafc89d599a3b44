import { useEffect, useRef, useState } from "react";
import { Button, FormError, PasswordField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { api } from "@/lib/api-client";
import { useUser } from "@/lib/auth";
import { onProofNeeded } from "@/lib/proof";
import { renewAccess } from "@/lib/session";
import { account as words } from "@/messages/account";
import { auth } from "@/messages/auth";
import type { Schema } from "@/types";

function Question({ onEnd }: { onEnd: (proved: boolean) => void }) {
  const user = useUser();
  const form = useForm({
    initial: { password: "" },
    validate: ({ password }) => (password ? {} : { password: words.currentNeeded }),
    submit: async (body) => renewAccess(await api.post<Schema<"Proof">>("/auth/proof", { body })),
    onDone: () => onEnd(true),
  });
  return (
    <Dialog open onClose={() => onEnd(false)} title={words.proveTitle} description={words.proveBody}>
      <form className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
        <PasswordField label={auth.password} autoComplete="current-password" autoFocus {...form.text("password")} />
        <div className="row end">
          <Button onClick={() => onEnd(false)}>{words.proveNot}</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            {words.proveDo}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Stands by to ask for the password again, when the server wants it for what a borrowed phone must not be enough. */
export function PasswordPrompt() {
  const [open, setOpen] = useState(false);
  const answer = useRef<(proved: boolean) => void>(() => undefined);
  useEffect(
    () =>
      onProofNeeded(
        () =>
          new Promise((resolve) => {
            answer.current = resolve;
            setOpen(true);
          }),
      ),
    [],
  );
  if (!open) return null;
  return (
    <Question
      onEnd={(proved) => {
        setOpen(false);
        answer.current(proved);
      }}
    />
  );
}
