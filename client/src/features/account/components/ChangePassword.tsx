import { Button, FormError, PasswordField, useToast } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { useUser } from "@/lib/auth";
import { passwordErrors } from "@/lib/password-rules";
import { account as words } from "@/messages/account";
import { auth } from "@/messages/auth";
import { useChangePassword } from "../api/account";

const EMPTY = { current_password: "", new_password: "", repeated: "" };

/** `first`: the password in use was given to its owner, who chooses their own before anything else. */
export function ChangePassword({ first = false }: { first?: boolean }) {
  const change = useChangePassword();
  const toast = useToast();
  const user = useUser();
  const form = useForm({
    initial: EMPTY,
    validate: (values) => {
      const { password, ...rest } = passwordErrors(values.new_password, values.repeated);
      return {
        ...(values.current_password ? {} : { current_password: words.currentNeeded }),
        ...(password ? { new_password: password } : {}),
        ...rest,
      };
    },
    submit: ({ current_password, new_password }) => change.mutateAsync({ current_password, new_password }),
    onDone: () => {
      form.reset(EMPTY);
      toast({ message: words.passwordDone });
    },
  });
  return (
    <form className={first ? "stack" : "card pad stack"} {...form.formProps}>
      {first ? null : (
        <div>
          <h2>{words.password}</h2>
          <p className="small muted">{words.passwordNote}</p>
        </div>
      )}
      <FormError>{form.formError}</FormError>
      {/* A password manager needs to know whose password changes. */}
      <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
      <PasswordField
        label={first ? auth.givenPassword : auth.currentPassword}
        autoComplete="current-password"
        {...form.text("current_password")}
      />
      <PasswordField
        label={auth.newPassword}
        hint={auth.passwordHint}
        autoComplete="new-password"
        {...form.text("new_password")}
      />
      <PasswordField label={auth.repeatPassword} autoComplete="new-password" {...form.text("repeated")} />
      <div>
        <Button type="submit" look="primary" wide={first} busy={form.busy}>
          {first ? auth.chooseDo : words.passwordDo}
        </Button>
      </div>
    </form>
  );
}
