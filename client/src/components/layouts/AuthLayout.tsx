import { useEffect, type ReactNode } from "react";
import { common } from "@/messages/common";
import { auth as words } from "@/messages/auth";
import styles from "./AuthLayout.module.css";
import { Crest } from "./Crest";

/** The pages before signing in: the unit on one side, one form on the other. Nothing about the schedule is shown to strangers. */
export function AuthLayout({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${common.appName}`;
  }, [title]);
  return (
    <div className={styles.page}>
      <aside className={styles.unit}>
        <Crest large />
        <p className={styles.name}>{common.unit}</p>
        <p className={styles.promise}>{words.promise}</p>
        <dl className={styles.help}>
          {words.help.map(([term, text]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </aside>
      <main className={styles.main}>
        <div className={styles.form}>
          <h1>{title}</h1>
          {lead ? <p className="soft">{lead}</p> : null}
          {children}
        </div>
      </main>
    </div>
  );
}
