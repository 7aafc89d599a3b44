import { useEffect, useRef, useState } from "react";
import { common } from "@/messages/common";
import { classes } from "./classes";
import fieldStyles from "./Field.module.css";
import { Icon } from "./Icon";
import styles from "./SearchBox.module.css";

const QUIET = 250;

/** Tells `onSearch` what is looked for when the typing pauses. The slash key focuses it. */
export function SearchBox({ value, onSearch, label }: { value: string; onSearch: (text: string) => void; label: string }) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<number>(undefined);

  // An address that changes from outside (back, a link) shows in the box; what is being typed is not overwritten by its own echo.
  if (known !== value) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }

  useEffect(() => () => window.clearTimeout(timer.current), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || /^(input|textarea|select)$/i.test(target.tagName)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const change = (next: string, wait: number) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onSearch(next.trim()), wait);
  };
  return (
    <div className={styles.search} role="search">
      <Icon name="search" small />
      <input
        ref={input}
        type="search"
        className={classes(fieldStyles.input, styles.input)}
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => change(event.target.value, QUIET)}
        onKeyDown={(event) => (event.key === "Enter" ? change(text, 0) : undefined)}
      />
      {text ? (
        <button
          type="button"
          className={styles.clear}
          aria-label={common.clearSearch}
          onClick={() => {
            change("", 0);
            input.current?.focus();
          }}
        >
          <Icon name="close" small />
        </button>
      ) : null}
    </div>
  );
}
