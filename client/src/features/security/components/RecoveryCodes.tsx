import { Button, useToast } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useUser } from "@/lib/auth";
import { saveFile } from "@/lib/save-file";
import { security as words } from "@/messages/security";
import styles from "./security.module.css";

/** Ten codes, shown this one time: to print, to save, to copy. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const user = useUser();
  const toast = useToast();
  const text = `${words.codesFile(user.username)}\n\n${codes.join("\n")}\n`;
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => toast({ message: words.copied }),
      () => toast({ message: words.notCopied, tone: "failed" }),
    );
  return (
    <Dialog
      open
      onClose={onDone}
      title={words.codesTitle(codes.length)}
      description={words.codesBody}
      footer={
        <Button look="primary" onClick={onDone}>
          {words.codesKept}
        </Button>
      }
    >
      <p className={styles.onPaper}>{words.codesFile(user.username)}</p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row wrap">
        <Button icon="report" onClick={() => window.print()}>
          {words.print}
        </Button>
        <Button icon="download" onClick={() => saveFile(new Blob([text], { type: "text/plain" }), "rgms-recovery-codes.txt")}>
          {words.save}
        </Button>
        {"clipboard" in navigator ? <Button onClick={copy}>{words.copy}</Button> : null}
      </div>
    </Dialog>
  );
}
