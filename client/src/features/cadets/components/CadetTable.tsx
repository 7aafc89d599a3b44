import { Link } from "react-router";
import { Chip, DataTable, Pagination, type Column } from "@/components/ui";
import { paths } from "@/config/paths";
import type { Page } from "@/lib/api-client";
import { orDash } from "@/lib/format";
import { cadets as words } from "@/messages/cadets";
import { nameOf, type Cadet } from "../api/cadets";
import styles from "./cadets.module.css";

const unitOf = (cadet: Cadet) => [cadet.company, cadet.platoon].filter(Boolean).join(", ") || "–";

const columns: Column<Cadet>[] = [
  {
    id: "name",
    header: words.columns.name,
    sort: "name",
    cell: (cadet) => (
      <Link to={paths.cadet(cadet.id)} className="strong">
        {nameOf(cadet)}
      </Link>
    ),
  },
  {
    id: "student",
    header: words.columns.studentId,
    sort: "student_id",
    cell: (cadet) => <span className="num">{cadet.student_id}</span>,
  },
  { id: "unit", header: words.columns.unit, sort: "company", cell: unitOf },
  { id: "course", header: words.columns.cadetCourse, cell: (cadet) => orDash(cadet.cadet_course) },
  { id: "year", header: words.columns.year, show: "wide", cell: (cadet) => orDash(cadet.year_level) },
  { id: "contact", header: words.columns.contact, show: "wide", cell: (cadet) => orDash(cadet.contact_number) },
  { id: "status", header: words.columns.status, cell: (cadet) => <Chip>{cadet.status}</Chip> },
];

type Props = {
  page: Page<Cadet>;
  sort: string;
  onSort: (sort: string) => void;
  onPage: (page: number) => void;
  onOpen: (cadet: Cadet) => void;
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void } | undefined;
};

export function CadetTable({ page, sort, onSort, onPage, onOpen, selection }: Props) {
  const names = new Map(page.data.map((cadet) => [String(cadet.id), nameOf(cadet)]));
  return (
    <DataTable
      caption={words.title}
      columns={columns}
      rows={page.data}
      rowKey={(cadet) => String(cadet.id)}
      sort={sort}
      onSort={onSort}
      onOpen={onOpen}
      {...(selection ? { selection: { ...selection, nameOf: (key: string) => names.get(key) ?? key } } : {})}
      phone={(cadet) => (
        <Link to={paths.cadet(cadet.id)} className={styles.item}>
          <span className="strong">{nameOf(cadet)}</span>
          <div className="small muted">
            <span className="num">{cadet.student_id}</span> · {unitOf(cadet)} · {orDash(cadet.cadet_course)}
          </div>
        </Link>
      )}
      footer={<Pagination page={page.page} limit={page.limit} total={page.total} onPage={onPage} />}
    />
  );
}
