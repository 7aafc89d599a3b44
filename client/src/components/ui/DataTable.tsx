import { useContext, type ReactNode } from "react";
import { useIsPhone, useMedia } from "@/hooks/use-media";
import { common } from "@/messages/common";
import { classes } from "./classes";
import styles from "./DataTable.module.css";
import { Icon } from "./Icon";
import { FormerRows } from "./states";

export type Column<T> = {
  id: string;
  header: ReactNode;
  /** For readers, and for "Sort by …", when the header is not plain text. */
  name?: string;
  cell: (row: T) => ReactNode;
  /** Figures go right, words go left. */
  numeric?: boolean;
  /** The name of the sort on the server; without it the column cannot be sorted. */
  sort?: string;
  /** "wide" columns are left out under 1240 px. */
  show?: "always" | "wide";
  tinted?: boolean;
  /** Takes the width the other columns leave, and breaks its lines: for sentences. */
  fill?: boolean;
  /** Columns side by side with the same group stand under one heading; without it a column has none. */
  group?: ColumnGroup;
};

/** `note` stands quietly beside the heading: the most points there are. */
export type ColumnGroup = { id: string; header: string; note?: string };

/** A server sort: "name" ascending, "-name" descending. */
export type Sort = string;

type Selection = {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
  nameOf: (rowKey: string) => string;
};

type Props<T> = {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** One row as a list item on a phone: what matters, never a sideways scroll. */
  phone: (row: T) => ReactNode;
  /** Clear it when the rows change: what is not seen is not selected. */
  selection?: Selection;
  onOpen?: (row: T) => void;
  /** Row keys that changed just now: they flash once. */
  changed?: ReadonlySet<string>;
  rowTone?: (row: T) => "bad" | "wait" | undefined;
  footer?: ReactNode;
};

const NARROW = "(max-width: 1240px)";

// More than these stand closer, so that a gradebook fits a laptop.
const MANY_COLUMNS = 10;

const nextSort = (current: Sort | undefined, column: string): Sort => (current === column ? `-${column}` : column);

function HeaderCell<T>({
  column,
  sort,
  onSort,
  first,
  begins,
}: {
  column: Column<T>;
  begins: boolean;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
  first: boolean;
}) {
  const direction =
    column.sort && sort === column.sort ? "ascending" : column.sort && sort === `-${column.sort}` ? "descending" : undefined;
  const name = column.name ?? (typeof column.header === "string" ? column.header : column.id);
  const key = column.sort;
  return (
    <th
      scope="col"
      aria-sort={direction}
      className={classes(
        column.numeric && styles.numeric,
        column.fill && styles.fill,
        begins && styles.begins,
        first && styles.first,
      )}
    >
      {key && onSort ? (
        <button
          type="button"
          className={styles.sort}
          aria-label={common.sortBy(name)}
          onClick={() => onSort(nextSort(sort, key))}
        >
          <span>{column.header}</span>
          <Icon
            name={direction === "ascending" ? "arrowUp" : direction === "descending" ? "arrowDown" : "sort"}
            small
            className={direction ? styles.sorted : styles.unsorted}
          />
        </button>
      ) : (
        <>
          {column.group ? <span className="sr-only">{column.group.header} </span> : null}
          {column.header || <span className="sr-only">{column.name ?? common.actions}</span>}
        </>
      )}
    </th>
  );
}

type Run = { group: ColumnGroup | undefined; id: string; span: number };

/** Columns side by side of one group, counted: what the upper row of the header draws. */
export function groupRuns<T>(columns: readonly Column<T>[]): Run[] {
  const runs: Run[] = [];
  for (const { id, group } of columns) {
    const last = runs.at(-1);
    if (last && last.group?.id === group?.id) last.span += 1;
    else runs.push({ group, id, span: 1 });
  }
  return runs;
}

function GroupRow<T>({ columns, boxed }: { columns: readonly Column<T>[]; boxed: boolean }) {
  return (
    <tr className={styles.groups}>
      {boxed ? <td /> : null}
      {groupRuns(columns).map(({ group, id, span }, index) =>
        group ? (
          <th key={id} scope="colgroup" colSpan={span} className={styles.begins}>
            {group.header}
            {group.note ? <span className={styles.note}> {group.note}</span> : null}
          </th>
        ) : (
          <td key={id} colSpan={span} className={classes(index > 0 && styles.begins)} />
        ),
      )}
    </tr>
  );
}

/** Sticky header and first column on a laptop, a list on a phone. Sorting and paging belong to the server. */
export function DataTable<T>(props: Props<T>) {
  const { caption, columns: all, rows, rowKey, sort, onSort, phone, selection, onOpen, changed, rowTone, footer } = props;
  // Rows of another unit under this unit's title: dimmed, and not to be typed in or chosen.
  const former = useContext(FormerRows);
  const body = { "aria-busy": former || undefined, inert: former };
  const isPhone = useIsPhone();
  const narrow = useMedia(NARROW);
  const columns = all.filter((column) => !narrow || column.show !== "wide");
  const grouped = columns.some((column) => column.group);
  const begins = (index: number) => grouped && index > 0 && columns[index]?.group?.id !== columns[index - 1]?.group?.id;
  const toggle = (key: string) => {
    if (!selection) return;
    const next = new Set(selection.selected);
    if (!next.delete(key)) next.add(key);
    selection.onChange(next);
  };
  const keys = rows.map(rowKey);
  const allSelected = keys.length > 0 && keys.every((key) => selection?.selected.has(key));
  const box = (key: string) =>
    selection ? (
      <label className={styles.box}>
        <input
          type="checkbox"
          aria-label={common.selectRow(selection.nameOf(key))}
          checked={selection.selected.has(key)}
          onChange={() => toggle(key)}
        />
      </label>
    ) : null;

  if (isPhone) {
    return (
      <div className={styles.frame}>
        <ul className={classes(styles.list, former && styles.former)} aria-label={caption} {...body}>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <li key={key} className={classes(styles.item, changed?.has(key) && styles.changed, styles[rowTone?.(row) ?? ""])}>
                {box(key)}
                <div className="grow">{phone(row)}</div>
              </li>
            );
          })}
        </ul>
        {footer ? <div className={styles.footer}>{footer}</div> : null}
      </div>
    );
  }
  return (
    <div className={styles.frame}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption}>
        <table className={classes(styles.table, columns.length > MANY_COLUMNS && styles.dense, grouped && styles.grouped)}>
          <caption className="sr-only">{caption}</caption>
          <thead>
            {grouped ? <GroupRow columns={columns} boxed={selection !== undefined} /> : null}
            <tr>
              {selection ? (
                <th scope="col" className={styles.boxCell}>
                  <label className={styles.box}>
                    <input
                      type="checkbox"
                      aria-label={common.selectAll}
                      checked={allSelected}
                      disabled={former}
                      onChange={() => selection.onChange(allSelected ? new Set() : new Set(keys))}
                    />
                  </label>
                </th>
              ) : null}
              {columns.map((column, index) => (
                <HeaderCell
                  key={column.id}
                  column={column}
                  sort={sort}
                  onSort={onSort}
                  first={index === 0}
                  begins={begins(index)}
                />
              ))}
            </tr>
          </thead>
          <tbody className={classes(former && styles.former)} {...body}>
            {rows.map((row) => {
              const key = rowKey(row);
              return (
                <tr
                  key={key}
                  className={classes(
                    onOpen && styles.opens,
                    changed?.has(key) && styles.changed,
                    styles[rowTone?.(row) ?? ""],
                    selection?.selected.has(key) && styles.selected,
                  )}
                  onClick={
                    onOpen
                      ? (event) => {
                          if (!(event.target as HTMLElement).closest("a,button,input,label,select")) onOpen(row);
                        }
                      : undefined
                  }
                >
                  {selection ? <td className={styles.boxCell}>{box(key)}</td> : null}
                  {columns.map((column, index) => {
                    const className = classes(
                      column.numeric && styles.numeric,
                      column.fill && styles.fill,
                      begins(index) && styles.begins,
                      column.tinted && styles.tinted,
                      index === 0 && styles.first,
                    );
                    return index === 0 ? (
                      <th key={column.id} scope="row" className={className}>
                        {column.cell(row)}
                      </th>
                    ) : (
                      <td key={column.id} className={className}>
                        {column.cell(row)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {footer ? <div className={styles.footer}>{footer}</div> : null}
    </div>
  );
}
