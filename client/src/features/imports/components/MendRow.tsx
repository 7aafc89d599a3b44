import { Button, FormError, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { imports as words } from "@/messages/imports";
import { fieldsOf, valuesToSend } from "../mended-row";
import { useCorrectImport, type ImportDetail, type ImportRow } from "../api/imports";
import styles from "./imports.module.css";

/** Writes the cells of one row anew, in the preview only: the file on the device stays as it is. */
export function MendRow({ found, row, onClose }: { found: ImportDetail; row: ImportRow; onClose: () => void }) {
  const correct = useCorrectImport(found);
  const fields = fieldsOf(row);
  const place = { sheet: row.sheet, row: row.row };
  const form = useForm({
    initial: Object.fromEntries(fields.map((name) => [name, row.given?.[name] ?? ""])),
    submit: (values) => correct.mutateAsync({ rows: [{ ...place, values: valuesToSend(row, values) }] }),
    onDone: onClose,
  });
  const restore = () => {
    correct.mutateAsync({ rows: [{ ...place, values: null }] }).then(onClose, form.fail);
  };
  const id = `mend-${row.row}`;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={words.mendTitle(row.sheet, row.row)}
      description={
        <ul className={styles.reasons}>
          {row.reasons.map((reason) => (
            <li key={reason.code + reason.message}>{reason.message}</li>
          ))}
        </ul>
      }
      footer={
        <>
          {row.mended ? (
            <Button icon="undo" busy={correct.isPending} onClick={restore}>
              {words.asInFile}
            </Button>
          ) : null}
          <Button onClick={onClose}>{words.mendNot}</Button>
          <Button look="primary" type="submit" form={id} busy={form.busy}>
            {words.mendDo}
          </Button>
        </>
      }
    >
      <form id={id} {...form.formProps}>
        {form.formError ? <FormError>{form.formError}</FormError> : null}
        <div className={styles.fields}>
          {fields.map((name) => (
            <TextField key={name} label={words.fields[name] ?? name} maxLength={500} autoComplete="off" {...form.text(name)} />
          ))}
        </div>
        <p className="small muted">{words.mendHint}</p>
      </form>
    </Dialog>
  );
}
