import { common } from "@/messages/common";
import type { MARKS } from "@/types/domain";
import { classes } from "./classes";
import styles from "./StatusSign.module.css";

export type AttendanceStatus = (typeof MARKS)[number];

const INK = styles.cut;

// Six outlines that differ in shape, so that they hold in grey, blurred, and with any colour vision.
const shapes: Record<AttendanceStatus, React.ReactNode> = {
  present: (
    <>
      <circle cx="12" cy="12" r="10" fill="currentColor" />
      <path className={INK} d="m7.2 12.4 3.3 3.3 6.3-7" />
    </>
  ),
  late: (
    <>
      <circle cx="12" cy="12" r="8.8" fill="none" stroke="currentColor" strokeWidth="2.6" />
      <path
        d="M12 6.8V12l3.6 2.4"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  excused: (
    <>
      <path d="M4.5 2.5h10L20 8v13.5H4.5z" fill="currentColor" />
      <path className={INK} d="M14 3v5.5h5.5M8 13h8M8 17h8" />
    </>
  ),
  duty: (
    <>
      <path d="M12 1.8 21 5v7.2c0 5-3.7 8.3-9 10-5.3-1.7-9-5-9-10V5z" fill="currentColor" />
      <path className={INK} d="m7.5 11 4.5-3.5 4.5 3.5M7.5 15.5 12 12l4.5 3.5" />
    </>
  ),
  absent: (
    <>
      <rect x="2.5" y="2.5" width="19" height="19" rx="2" fill="currentColor" />
      <path className={INK} d="m8 8 8 8M16 8l-8 8" />
    </>
  ),
  none: <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="2.2" strokeDasharray="3.6 3.47" />,
};

/** One of the six signs of attendance. With `word` the name stands beside it; without, it is read out only. */
export function StatusSign({
  status,
  word = false,
  className,
}: {
  status: AttendanceStatus;
  word?: boolean;
  className?: string;
}) {
  return (
    <span className={classes(styles.sign, styles[status], className)}>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        {shapes[status]}
      </svg>
      <span className={word ? styles.word : "sr-only"}>{common.status[status]}</span>
    </span>
  );
}
