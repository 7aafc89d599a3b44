import { Checkbox, Icon } from "@/components/ui";
import { useIsPhone } from "@/hooks/use-media";
import { imports as words } from "@/messages/imports";
import type { RosterImport, SheetLayout } from "../api/imports";
import styles from "./imports.module.css";

function factsOf(sheet: SheetLayout) {
  if (sheet.header_row === null) return words.noHeader;
  const facts = [words.sheetRows(sheet.rows, sheet.header_row)];
  if (sheet.unknown_columns.length > 0) facts.push(words.notReadColumns(sheet.unknown_columns.join(", ")));
  return facts.join(" ");
}

/** Which sheets the file has and what is read of each: hidden ones are off until somebody switches them on. */
export function FileSheets({
  found,
  busy,
  onRead,
}: {
  found: RosterImport;
  busy: boolean;
  onRead: (name: string, read: boolean) => void;
}) {
  const { sheets } = found.layout;
  // On a phone the rows come first; what was read is one tap away.
  const isPhone = useIsPhone();
  if (sheets.length === 0) return null;
  const open = found.status === "preview";
  const name = (sheet: SheetLayout) => (
    <>
      <b>{sheet.name}</b>
      {sheet.hidden ? <span className="muted"> {words.hidden}</span> : null}
    </>
  );
  return (
    <details className={styles.file} open={!isPhone}>
      <summary>{words.sheetsRead(sheets.filter((sheet) => sheet.read).length, sheets.length)}</summary>
      <ul className={styles.sheets} aria-label={words.sheets}>
        {sheets.map((sheet) => (
          <li key={sheet.name}>
            {open && sheet.header_row !== null ? (
              <Checkbox
                label={name(sheet)}
                hint={factsOf(sheet)}
                checked={sheet.read}
                disabled={busy}
                onChange={(event) => onRead(sheet.name, event.target.checked)}
              />
            ) : (
              <p className={styles.sheet}>
                <Icon name={sheet.read ? "check" : "minus"} small />
                <span>
                  {name(sheet)} <span className="small muted">{factsOf(sheet)}</span>
                </span>
              </p>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
