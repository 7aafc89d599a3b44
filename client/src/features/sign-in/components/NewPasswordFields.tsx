import { PasswordField } from "@/components/ui";
import { auth as words } from "@/messages/auth";

type Text = (name: "password" | "repeated") => {
  name: string;
  value: string;
  error: string | undefined;
  onChange: (event: { target: { value: string } }) => void;
};

/** A new password, twice, so that a slip of a thumb does not lock its owner out. */
export function NewPasswordFields({ text }: { text: Text }) {
  return (
    <>
      <PasswordField label={words.newPassword} hint={words.passwordHint} autoComplete="new-password" {...text("password")} />
      <PasswordField label={words.repeatPassword} autoComplete="new-password" {...text("repeated")} />
    </>
  );
}
