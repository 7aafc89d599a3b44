import { useState } from "react";
import { Button, Icon } from "@/components/ui";
import { messageOf } from "@/lib/error-words";
import { imports as words } from "@/messages/imports";
import { saveRefusedRows } from "../api/imports";
import styles from "./imports.module.css";

/** The rows that stay out, as a file: mended there, they are uploaded by themselves. */
export function RefusedRows({ id, count }: { id: number; count: number }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (count === 0) return null;
  const save = (format: "xlsx" | "csv") => {
    setBusy(true);
    setError(null);
    saveRefusedRows(id, format)
      .catch((reason: unknown) => setError(messageOf(reason)))
      .finally(() => setBusy(false));
  };
  return (
    <div className={styles.refused}>
      <span>{words.refusedRows(count)}</span>
      <Button tiny icon="download" busy={busy} onClick={() => save("xlsx")}>
        {words.asExcel}
      </Button>
      <Button tiny icon="download" busy={busy} onClick={() => save("csv")}>
        {words.asCsv}
      </Button>
      {error ? (
        <span role="alert" className={styles.bad}>
          <Icon name="warning" small /> {error}
        </span>
      ) : null}
    </div>
  );
}
