import { common } from "@/messages/common";
import { IconButton } from "./Button";
import styles from "./Pagination.module.css";

/** "21–40 of 312" with a step back and forth. Nothing to step through, nothing drawn but the count. */
export function Pagination({
  page,
  limit,
  total,
  onPage,
}: {
  page: number;
  limit: number;
  total: number;
  onPage: (page: number) => void;
}) {
  const pages = Math.max(1, Math.ceil(total / limit));
  const from = total === 0 ? 0 : (page - 1) * limit + 1;
  return (
    <nav className={styles.pagination} aria-label={common.page(page, pages)}>
      <span className="num" aria-live="polite">
        {common.range(from, Math.min(total, page * limit), total)}
      </span>
      {pages > 1 ? (
        <>
          <IconButton icon="left" label={common.previousPage} disabled={page <= 1} onClick={() => onPage(page - 1)} />
          <IconButton icon="right" label={common.nextPage} disabled={page >= pages} onClick={() => onPage(page + 1)} />
        </>
      ) : null}
    </nav>
  );
}
