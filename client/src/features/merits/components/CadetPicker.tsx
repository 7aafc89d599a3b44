import { useState } from "react";
import { Button, IconButton, SearchBox } from "@/components/ui";
import { messageOf } from "@/lib/error-words";
import { merits as words } from "@/messages/merits";
import { useFindCadets, type Found } from "../api/merits";
import styles from "./merits.module.css";

type Props = { chosen: readonly Found[]; onChange: (chosen: Found[]) => void; error?: string | undefined };

/** Finds cadets by name or number and gathers those the record is for. */
export function CadetPicker({ chosen, onChange, error }: Props) {
  const [search, setSearch] = useState("");
  const found = useFindCadets(search);
  const options = (found.data ?? []).filter((one) => !chosen.some((other) => other.id === one.id));
  const add = (cadet: Found) => {
    onChange([...chosen, cadet]);
    setSearch("");
  };
  return (
    <div className="stack-small">
      <span className="strong">{words.cadet}</span>
      {chosen.length > 0 ? (
        <ul className={styles.chosen} aria-label={words.chosen(chosen.length)}>
          {chosen.map((cadet) => (
            <li key={cadet.id}>
              <span>
                {cadet.name} <span className="small muted">{cadet.unit}</span>
              </span>
              <IconButton
                icon="close"
                label={words.remove(cadet.name)}
                onClick={() => onChange(chosen.filter((one) => one.id !== cadet.id))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <SearchBox label={words.find} value={search} onSearch={setSearch} />
      {error ? (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      ) : null}
      <div aria-live="polite">
        {found.error ? (
          <p role="alert" className={styles.error}>
            {messageOf(found.error)}
          </p>
        ) : null}
        {search.length >= 2 && found.data && options.length === 0 ? <p className="muted">{words.nobody}</p> : null}
        {search.length < 2 && chosen.length === 0 ? <p className="muted small">{words.startTyping}</p> : null}
        {search.length >= 2 && options.length > 0 ? (
          <ul className={styles.found} aria-label={words.found}>
            {options.map((cadet) => (
              <li key={cadet.id}>
                <Button look="quiet" wide icon="plus" onClick={() => add(cadet)}>
                  {cadet.name}{" "}
                  <span className="small muted">
                    {cadet.studentId} · {cadet.unit}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  );
}
