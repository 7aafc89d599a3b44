import { Button, FormError } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { passwordErrors } from "@/lib/password-rules";
import { auth as words } from "@/messages/auth";
import { resetPassword } from "../api/sign-in";
import { NewPasswordFields } from "./NewPasswordFields";

export function ResetPasswordForm({ token, onDone }: { token: string; onDone: () => void }) {
  const form = useForm({
    initial: { password: "", repeated: "" },
    validate: ({ password, repeated }) => passwordErrors(password, repeated),
    submit: ({ password }) => resetPassword({ token, password }),
    onDone,
    explain: (error) => ([400, 401, 404, 409, 422].includes(error.status) ? words.resetExpired : undefined),
  });
  return (
    <form className="stack" {...form.formProps}>
      <FormError>{form.formError}</FormError>
      <NewPasswordFields text={form.text} />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {words.resetDo}
      </Button>
    </form>
  );
}
