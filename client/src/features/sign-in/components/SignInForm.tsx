import { Button, Checkbox, FormError, PasswordField, TextField } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { useAuth } from "@/lib/auth";
import { isSecondStep, type AskedStep } from "@/lib/second-step";
import { newHandle } from "@/lib/session";
import { auth as words } from "@/messages/auth";
import { signIn } from "../api/sign-in";

/** Errors in words under the field, the focus on it, nothing cleared. */
export function SignInForm({
  notice,
  onDone,
  onSecondStep,
}: {
  notice?: string | undefined;
  onDone: () => void;
  onSecondStep: (asked: AskedStep) => void;
}) {
  const { begin } = useAuth();
  const form = useForm({
    initial: { username: "", password: "", shared: false },
    validate: ({ username, password }) => ({
      ...(username.trim() ? {} : { username: words.usernameNeeded }),
      ...(password ? {} : { password: words.passwordNeeded }),
    }),
    submit: async ({ username, password, shared }) => {
      const handle = newHandle({ shared });
      const answer = await signIn({ username: username.trim(), password }, handle);
      if (isSecondStep(answer)) return { step: answer, handle };
      begin(answer, handle);
      return null;
    },
    onDone: (asked) => (asked ? onSecondStep(asked) : onDone()),
    explain: (error) => (error.code === "account_locked" ? words.locked : error.status === 401 ? words.wrong : undefined),
  });
  return (
    <form className="stack" {...form.formProps}>
      <FormError>{form.formError ?? notice}</FormError>
      <TextField
        label={words.username}
        hint={words.usernameHint}
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        autoFocus
        {...form.text("username")}
      />
      <PasswordField label={words.password} autoComplete="current-password" {...form.text("password")} />
      <Checkbox
        label={words.shared}
        hint={words.sharedHint}
        checked={form.values.shared}
        onChange={(event) => form.set("shared", event.target.checked)}
      />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {words.signIn}
      </Button>
    </form>
  );
}
