import { useState } from "react";
import { Button, DataTable, EmptyState, Pagination, QueryView, SkeletonRows, useToast, type Column } from "@/components/ui";
import { messageOf } from "@/lib/error-words";
import { formatMoment } from "@/lib/format";
import { useUser } from "@/lib/auth";
import { addresses as words } from "@/messages/addresses";
import { useDecide, useWaitingAddresses, type Decision, type WaitingAddress } from "../api/addresses";

function Decide({ one }: { one: WaitingAddress }) {
  const decide = useDecide();
  const toast = useToast();
  const own = one.proposed_by === useUser().id;
  const run = (decision: Decision) =>
    decide.mutate(
      { id: one.id, decision },
      {
        onSuccess: () => toast({ message: words.doneFor[decision](one.display_name || one.username) }),
        onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
      },
    );
  return (
    <span className="row" role="group" aria-label={words.decideOn(one.display_name || one.username)}>
      {own ? (
        <span className="small muted">{words.yourOwn}</span>
      ) : (
        <Button tiny look="primary" busy={decide.isPending} onClick={() => run("accept")}>
          {words.accept}
        </Button>
      )}
      <Button tiny busy={decide.isPending} onClick={() => run("refuse")}>
        {words.refuse}
      </Button>
    </span>
  );
}

const by = (one: WaitingAddress) =>
  words.by(one.proposed_by === null ? null : one.proposed_by_name || `#${one.proposed_by}`, formatMoment(one.proposed_at));

const COLUMNS: Column<WaitingAddress>[] = [
  { id: "name", header: words.columns.name, cell: (one) => <span className="strong">{one.display_name || one.username}</span> },
  { id: "old", header: words.columns.old, cell: (one) => one.old_email ?? words.noAddress },
  { id: "new", header: words.columns.new, cell: (one) => <span className="strong">{one.new_email}</span> },
  { id: "by", header: words.columns.by, show: "wide", cell: by },
  { id: "do", header: "", name: words.columns.decide, cell: (one) => <Decide one={one} /> },
];

export function WaitingAddresses() {
  const [page, setPage] = useState(1);
  const query = useWaitingAddresses(page, 50);
  return (
    <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={8} columns={5} />}>
      {(found) =>
        found.total === 0 ? (
          <EmptyState icon="check" title={words.none}>
            <p>{words.noneBody}</p>
          </EmptyState>
        ) : (
          <DataTable
            caption={words.title}
            columns={COLUMNS}
            rows={found.data}
            rowKey={(one) => String(one.id)}
            phone={(one) => (
              <div className="stack-small">
                <span className="strong">{one.display_name || one.username}</span>
                <span>{words.fromTo(one.old_email ?? words.noAddress, one.new_email ?? words.noAddress)}</span>
                <span className="small muted">{by(one)}</span>
                <Decide one={one} />
              </div>
            )}
            footer={<Pagination page={found.page} limit={found.limit} total={found.total} onPage={setPage} />}
          />
        )
      }
    </QueryView>
  );
}
