import { Button, DataTable, EmptyState, FormError, Pagination, TextField, type Column } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import type { Page } from "@/lib/api-client";
import { formatNumber } from "@/lib/format";
import { common } from "@/messages/common";
import { units } from "@/messages/units";
import { useAddCourse, type Course } from "../api/units";

const words = units.courses;
const columns: Column<Course>[] = [
  { id: "name", header: words.columns.name, cell: (course) => course.name },
  { id: "cadets", header: words.columns.cadets, numeric: true, cell: (course) => formatNumber(course.cadets) },
];

export function CourseTable({ page, onPage }: { page: Page<Course>; onPage: (page: number) => void }) {
  if (page.total === 0)
    return (
      <EmptyState icon="badge" title={words.empty}>
        <p>{words.emptyBody}</p>
      </EmptyState>
    );
  return (
    <DataTable
      caption={words.tab}
      columns={columns}
      rows={page.data}
      rowKey={(course) => String(course.id)}
      phone={(course) => (
        <div className="row between">
          <span className="grow">{course.name}</span>
          <span className="small muted num">{units.cadets(course.cadets)}</span>
        </div>
      )}
      footer={<Pagination page={page.page} limit={page.limit} total={page.total} onPage={onPage} />}
    />
  );
}

export function AddCourse({ onClose, onSaved }: { onClose: () => void; onSaved: (course: Course) => void }) {
  const add = useAddCourse();
  const form = useForm({
    initial: { name: "" },
    validate: (values) => (values.name.trim() ? {} : { name: units.needed }),
    submit: (values) => add.mutateAsync(values.name),
    onDone: onSaved,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.add}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="course-form" look="primary" busy={form.busy}>
            {words.addDo}
          </Button>
        </>
      }
    >
      <form id="course-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <TextField label={words.name} hint={words.nameHint} autoFocus {...form.text("name")} />
      </form>
    </Dialog>
  );
}
