import { Button, Checkbox, FormError, TextField } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { useAuth } from "@/lib/auth";
import { passwordErrors } from "@/lib/password-rules";
import { isSecondStep, type AskedStep } from "@/lib/second-step";
import { newHandle } from "@/lib/session";
import { auth as words } from "@/messages/auth";
import { activate } from "../api/sign-in";
import { NewPasswordFields } from "./NewPasswordFields";

export function ActivateForm({
  code,
  onDone,
  onSecondStep,
}: {
  code: string;
  onDone: () => void;
  onSecondStep: (asked: AskedStep) => void;
}) {
  const { begin } = useAuth();
  const form = useForm({
    initial: { code, password: "", repeated: "", shared: false },
    validate: (values) => ({
      ...(values.code.trim() ? {} : { code: words.codeNeeded }),
      ...passwordErrors(values.password, values.repeated),
    }),
    submit: async (values) => {
      const handle = newHandle({ shared: values.shared });
      const answer = await activate({ code: values.code.trim(), password: values.password }, handle);
      if (isSecondStep(answer)) return { step: answer, handle };
      begin(answer, handle);
      return null;
    },
    onDone: (asked) => (asked ? onSecondStep(asked) : onDone()),
    explain: (error) =>
      [400, 401, 404, 409, 422].includes(error.status) && Object.keys(error.fields).length === 0 ? words.wrongCode : undefined,
  });
  return (
    <form className="stack" {...form.formProps}>
      <FormError>{form.formError}</FormError>
      <TextField
        label={words.code}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        autoFocus={!code}
        {...form.text("code")}
      />
      <NewPasswordFields text={form.text} />
      <Checkbox
        label={words.shared}
        hint={words.sharedHint}
        checked={form.values.shared}
        onChange={(event) => form.set("shared", event.target.checked)}
      />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {words.activateDo}
      </Button>
    </form>
  );
}
