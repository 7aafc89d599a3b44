import { Button, FormError, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { security as words } from "@/messages/security";
import { useConfirmAuthenticator, type Authenticator } from "../api/security";
import styles from "./security.module.css";

const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, "$1 ");

/** Scan, then type what the app shows: only then it counts. */
export function AddAuthenticator({
  made,
  replaces,
  onDone,
  onClose,
}: {
  made: Authenticator;
  replaces: boolean;
  onDone: (codes: string[]) => void;
  onClose: () => void;
}) {
  const confirm = useConfirmAuthenticator();
  const form = useForm({
    initial: { code: "" },
    validate: ({ code }) => (code.replace(/\D/g, "").length === 6 ? {} : { code: words.sixDigits }),
    submit: ({ code }) => confirm.mutateAsync(code),
    onDone,
  });
  return (
    <Dialog open onClose={onClose} title={words.appTitle} description={replaces ? words.appReplaces : words.appBody}>
      <form className="stack" {...form.formProps}>
        <div className={styles.setup}>
          <img className={styles.qr} src={made.qr_code} width={164} height={164} alt={words.qr} />
          <div>
            <p>{words.scan}</p>
            <p className={styles.key}>{inFours(made.secret)}</p>
          </div>
        </div>
        <FormError>{form.formError}</FormError>
        <TextField
          label={words.typeCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          maxLength={7}
          {...form.text("code")}
        />
        <div className="row end">
          <Button onClick={onClose}>{replaces ? words.keepOld : words.later}</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            {words.turnOn}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
