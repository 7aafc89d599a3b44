import { Button, FormError, TextField } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { auth as words } from "@/messages/auth";
import { forgotPassword } from "../api/sign-in";

export function ForgotPasswordForm({ onDone }: { onDone: () => void }) {
  const form = useForm({
    initial: { username: "" },
    validate: ({ username }) => (username.trim() ? {} : { username: words.usernameNeeded }),
    submit: ({ username }) => forgotPassword({ username: username.trim() }),
    onDone,
  });
  return (
    <form className="stack" {...form.formProps}>
      <FormError>{form.formError}</FormError>
      <TextField
        label={words.username}
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        autoFocus
        {...form.text("username")}
      />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {words.forgotDo}
      </Button>
    </form>
  );
}
