import styles from "./Icon.module.css";

// Drawn on 24, stroke 1.8, in the colour of the text, so that they survive forced colours.
const paths = {
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  people:
    "M9 11.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3 19.5c.6-3.5 2.8-5 6-5s5.4 1.5 6 5M16 5.2a3 3 0 0 1 0 5.6M17.8 14.8c1.8.6 2.9 2.1 3.2 4.7",
  person: "M12 11.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4zM4.5 20c.7-4 3.3-5.7 7.5-5.7s6.8 1.7 7.5 5.7",
  calendar: "M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V8M15.5 3.5V8",
  grid: "M4 5h16v14H4zM4 10h16M10 5v14M15 10v9",
  medal: "M12 20.5a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM8.5 11.5 6 3.5h12l-2.5 8M12 3.5v3.8",
  report: "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5M9 13h6.5M9 16.5h6.5",
  badge:
    "M4 6.5h16v13H4zM9.5 6.5V3.8h5v2.7M8.7 16.5c.3-1.5 1.2-2.2 2.5-2.2s2.2.7 2.5 2.2M11.2 12.3a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6zM16 11.5h1.8M16 14.5h1.8",
  key: "M8 15.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 11.5h8.5V15M17 11.5v2.5",
  search: "M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM16 16l4 4",
  upload: "M12 15V4M8 8l4-4 4 4M4 15v5h16v-5",
  download: "M12 4v11M8 11l4 4 4-4M4 15v5h16v-5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9.5l6 6 6-6",
  up: "M6 14.5l6-6 6 6",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  arrowUp: "M12 19V5.5M6.5 11 12 5.5l5.5 5.5",
  arrowDown: "M12 5v13.5M6.5 13l5.5 5.5 5.5-5.5",
  sort: "M8 9.5 12 5.5l4 4M8 14.5l4 4 4-4",
  filter: "M4 7h16M7 12h10M10 17h4",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.8v.1",
  warning: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.1",
  lock: "M5.5 11h13v9.5h-13zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  edit: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3",
  archive: "M4 5h16v4H4zM5.5 9v10.5h13V9M10 13h4",
  undo: "M8.5 6 4.5 10l4 4M5 10h9a5 5 0 0 1 0 10h-3",
  refresh: "M19.5 9A8 8 0 0 0 5 8M4.5 4.5V9H9M4.5 15A8 8 0 0 0 19 16M19.5 19.5V15H15",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 2.5h4l1-2.5h5",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5",
  flag: "M6 21V4M6 4.5h12l-2.5 4 2.5 4H6",
  signOut: "M10 4.5H5v15h5M14 8l4 4-4 4M9 12h9",
  phone: "M7.5 3h9v18h-9zM11 18h2",
  laptop: "M5.5 5.5h13v10h-13zM3 19h18",
  offline:
    "M4 4l16 16M3.5 9.5a13 13 0 0 1 4-2.4M11 6a13 13 0 0 1 9.5 3.5M6.5 13a8.5 8.5 0 0 1 4-2.2M15 11.3a8.5 8.5 0 0 1 2.5 1.7M9.7 16.3a4 4 0 0 1 4.4-.1M12 19.5v.1",
  swap: "M4 8.5h15M15.5 5 19 8.5 15.5 12M20 15.5H5M8.5 12 5 15.5 8.5 19",
  equal: "M6 9.5h12M6 14.5h12",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M18.7 5.3 17 7M7 17l-1.7 1.7",
} as const;

export type IconName = keyof typeof paths;

/** Decoration beside a word; an icon that stands alone belongs in an IconButton, which names it. */
export function Icon({ name, small = false, className }: { name: IconName; small?: boolean; className?: string | undefined }) {
  return (
    <svg
      className={[styles.icon, small && styles.small, className].filter(Boolean).join(" ")}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} strokeWidth={name === "more" ? 3 : undefined} />
    </svg>
  );
}
