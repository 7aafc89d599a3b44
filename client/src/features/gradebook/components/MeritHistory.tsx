import { useState } from "react";
import { Button, Chip, FormError, QueryView, SkeletonRows, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { useCan } from "@/lib/auth";
import { formatMoment } from "@/lib/format";
import { gradebook as words } from "@/messages/gradebook";
import { useMeritRecords, useVoidMerit, type MeritRecord } from "../api/gradebook";

function VoidDialog({ record, onClose }: { record: MeritRecord; onClose: () => void }) {
  const take = useVoidMerit();
  const form = useForm({
    initial: { reason: "" },
    validate: (values) => (values.reason.trim() ? {} : { reason: words.needed }),
    submit: (values) => take.mutateAsync({ id: record.id, reason: values.reason }),
    onDone: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.voidTitle}
      description={
        <>
          <b>
            {words.kind[record.kind]} {record.points}: {record.reason}
          </b>
          <br />
          {words.voidBody}
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>{words.voidKeep}</Button>
          <Button look="danger" type="submit" form="void-form" busy={form.busy}>
            {words.void}
          </Button>
        </>
      }
    >
      <form id="void-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <TextField label={words.voidReason} autoFocus {...form.text("reason")} />
      </form>
    </Dialog>
  );
}

/** What a cadet was given this term; a record is taken back with a reason, never edited. */
export function MeritHistory({ cadetId, termId }: { cadetId: string; termId: string }) {
  const query = useMeritRecords(cadetId, termId);
  const [voiding, setVoiding] = useState<MeritRecord | null>(null);
  const mayMerit = useCan("grading.merit");
  return (
    <section className="card pad stack-small" aria-labelledby="merit-history">
      <h2 id="merit-history">{words.history}</h2>
      <QueryView query={query} what={words.history} skeleton={<SkeletonRows rows={3} columns={3} />}>
        {(page) =>
          page.data.length === 0 ? (
            <p className="muted">{words.noHistory}</p>
          ) : (
            <ul className="stack-small">
              {page.data.map((record) => {
                const gone = record.voided !== null;
                return (
                  <li key={record.id} className="row">
                    <Chip
                      tone={gone ? "plain" : record.kind === "merit" ? "ok" : "bad"}
                      icon={record.kind === "merit" ? "plus" : "minus"}
                    >
                      {words.kind[record.kind]} {record.points}
                    </Chip>
                    <span className="grow">
                      {gone ? <del>{record.reason}</del> : record.reason}
                      <br />
                      <span className="small muted">{formatMoment(record.occurred_at)}</span>
                    </span>
                    {gone ? (
                      <Chip>{words.voided}</Chip>
                    ) : mayMerit ? (
                      <Button tiny icon="undo" onClick={() => setVoiding(record)}>
                        {words.void}
                      </Button>
                    ) : null}
                  </li>
                );
              })}
            </ul>
          )
        }
      </QueryView>
      {voiding ? <VoidDialog record={voiding} onClose={() => setVoiding(null)} /> : null}
    </section>
  );
}
