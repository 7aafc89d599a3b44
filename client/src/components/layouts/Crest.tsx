import styles from "./Crest.module.css";

/** The unit's mark: a shield with three chevrons. */
export function Crest({ large = false }: { large?: boolean }) {
  return (
    <svg className={large ? styles.large : styles.crest} viewBox="0 0 40 46" aria-hidden="true" focusable="false">
      <path d="M20 2 37 8v15c0 10.5-6.5 17-17 21C9.5 40 3 33.5 3 23V8z" strokeWidth="2" strokeLinejoin="round" />
      <path d="m10 22 10-7 10 7M10 29l10-7 10 7M10 36l10-7 10 7" strokeWidth="3" />
    </svg>
  );
}
