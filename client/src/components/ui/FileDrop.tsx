import { useId, useRef, useState, type ReactNode } from "react";
import { common } from "@/messages/common";
import { Button } from "./Button";
import { classes } from "./classes";
import styles from "./FileDrop.module.css";
import { Icon } from "./Icon";

type Props = {
  label: string;
  /** What the file dialog offers, and what is refused when dropped: ".xlsx,.csv" */
  accept: string;
  maxBytes: number;
  hint?: ReactNode;
  busy?: boolean;
  error?: string | undefined;
  onFile: (file: File) => void;
};

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;

/** One file, chosen or dropped. A wrong kind or size is said here; the server judges the content again. */
export function FileDrop({ label, accept, maxBytes, hint, busy = false, error, onFile }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string>();
  const take = (file: File | undefined) => {
    if (!file || busy) return;
    const known = accept.split(",").some((end) => file.name.toLowerCase().endsWith(end.trim().toLowerCase()));
    const reason = !known
      ? common.wrongFile(accept.replaceAll(",", ", "))
      : file.size > maxBytes
        ? common.tooLargeFile(megabytes(maxBytes))
        : undefined;
    setRefused(reason);
    if (!reason) onFile(file);
  };
  const problem = refused ?? error;
  return (
    <div
      className={classes(styles.drop, over && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      <Icon name="upload" className={styles.icon} />
      <p className="strong" id={`${id}-label`}>
        {label}
      </p>
      <input
        ref={input}
        id={id}
        type="file"
        className="sr-only"
        accept={accept}
        tabIndex={-1}
        aria-labelledby={`${id}-label`}
        aria-describedby={problem ? `${id}-error` : undefined}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <p className="row">
        <Button look="primary" busy={busy} onClick={() => input.current?.click()}>
          {common.chooseFile}
        </Button>
        <span className="muted">{common.dropFile}</span>
      </p>
      {hint ? <div className="small muted">{hint}</div> : null}
      {problem ? (
        <p id={`${id}-error`} role="alert" className={styles.error}>
          <Icon name="warning" small /> {problem}
        </p>
      ) : null}
    </div>
  );
}
