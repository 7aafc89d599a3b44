import { Icon, type IconName } from "@/components/ui";
import { formatNumber } from "@/lib/format";
import { imports as words } from "@/messages/imports";
import type { ImportSummary } from "../api/imports";
import { notReadCount, refusedCount, rowCount, type RowFilter } from "../filter-rows";
import styles from "./imports.module.css";

/** The counts are the filters. */
export function ImportFilters({
  summary,
  value,
  onChange,
}: {
  summary: ImportSummary;
  value: RowFilter;
  onChange: (filter: RowFilter) => void;
}) {
  const filters: [RowFilter, IconName, number, string][] = [
    ["all", "file", rowCount(summary), words.all],
    ["create", "plus", summary.create, words.count.create!],
    ["update", "edit", summary.update, words.count.update!],
    ["unchanged", "equal", summary.unchanged, words.count.unchanged!],
    ["conflict", "warning", summary.conflict ?? 0, words.count.conflict!],
    ["invalid", "warning", refusedCount(summary), words.count.invalid!],
    ["ignored", "minus", notReadCount(summary), words.count.ignored!],
  ];
  // What there is none of needs no room, unless somebody is looking at it.
  const shown = filters.filter(([filter, , count]) => filter === "all" || count > 0 || filter === value);
  return (
    <div className={styles.filters} role="group" aria-label={words.filter}>
      {shown.map(([filter, icon, count, label]) => (
        <button
          key={filter}
          type="button"
          className={styles.filter}
          aria-pressed={value === filter}
          onClick={() => onChange(filter)}
        >
          <Icon name={icon} />
          <span>
            <b className="num">{formatNumber(count)}</b>
            <span className="small soft">{label}</span>
          </span>
        </button>
      ))}
    </div>
  );
}
