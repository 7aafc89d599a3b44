import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { Button, classes, Icon } from "@/components/ui";
import { paths } from "@/config/paths";
import { useIsPhone } from "@/hooks/use-media";
import { useAuth } from "@/lib/auth";
import { common } from "@/messages/common";
import { navigation as words } from "@/messages/navigation";
import { Avatar } from "./Avatar";
import styles from "./Page.module.css";
import { WaitingLink } from "./WaitingLink";

type Props = {
  title: string;
  /** What the page is about now: the term, the unit, a count. */
  subtitle?: ReactNode;
  /** Where the page belongs; draws the way back. */
  parent?: { to: string; label: string };
  /** At most one primary button, last. */
  actions?: ReactNode;
  /** A row of search and filters under the title. */
  tools?: ReactNode;
  /** What narrows the rows, after the tools: on a phone behind one button, which says how many are set. */
  filters?: { controls: ReactNode; set: number };
  /** "table" fills the height and scrolls inside; "text" has a margin and a readable width; "cards" only the margin; "plain" has neither. */
  layout?: "table" | "text" | "cards" | "plain";
  children: ReactNode;
};

function Tools({ tools, filters }: Pick<Props, "tools" | "filters">) {
  const isPhone = useIsPhone();
  const [open, setOpen] = useState(false);
  const id = useId();
  if (!filters || !isPhone)
    return (
      <div className={styles.tools}>
        {tools}
        {filters?.controls}
      </div>
    );
  return (
    <div className={styles.tools}>
      {tools}
      <Button className={styles.filter} icon="filter" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {words.filters(filters.set)}
      </Button>
      <div id={id} className={styles.filters} hidden={!open}>
        {filters.controls}
      </div>
    </div>
  );
}

/** The frame of every signed-in page. Names the document, and takes the focus when the address changes, as a page load would. */
export function Page({ title, subtitle, parent, actions, tools, filters, layout = "text", children }: Props) {
  const { user } = useAuth();
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname, key } = useLocation();
  // The first address of a visit: the browser is at the top of it already.
  const first = useRef(key === "default");

  useEffect(() => {
    document.title = `${title} · ${common.appName}`;
  }, [title]);
  useEffect(() => {
    // By the path alone: a filter changes the address too, and must keep its focus.
    if (first.current) first.current = false;
    else if (document.activeElement?.tagName !== "INPUT") heading.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <>
      <header className={styles.bar}>
        {parent ? (
          <Link to={parent.to} className={styles.parent}>
            <Icon name="left" small />
            <span>{parent.label}</span>
          </Link>
        ) : null}
        <div className={styles.titles}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {subtitle ? <div className={styles.subtitle}>{subtitle}</div> : null}
        </div>
        <WaitingLink />
        {actions ? <div className={styles.actions}>{actions}</div> : null}
        {user ? (
          <Link to={paths.account} className={styles.me} aria-label={words.yourAccount(user.display_name)}>
            <Avatar name={user.display_name} />
          </Link>
        ) : null}
      </header>
      {tools || filters ? <Tools tools={tools} filters={filters} /> : null}
      <div className={classes(styles.content, styles[layout])}>{children}</div>
    </>
  );
}
