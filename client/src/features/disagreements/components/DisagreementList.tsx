import { useState } from "react";
import { Link } from "react-router";
import {
  Button,
  DataTable,
  EmptyState,
  Pagination,
  QueryView,
  SkeletonRows,
  StatusSign,
  useToast,
  type Column,
} from "@/components/ui";
import { paths } from "@/config/paths";
import { messageOf } from "@/lib/error-words";
import { formatDay, formatMoment } from "@/lib/format";
import { common } from "@/messages/common";
import { disagreements as words } from "@/messages/disagreements";
import { useDisagreements, useKeep, useNames, type Disagreement, type Said } from "../api/disagreements";
import styles from "./disagreements.module.css";

type NameOf = (userId: number) => string;

function Choice({ one, said, nameOf }: { one: Disagreement; said: Said; nameOf: NameOf }) {
  const keep = useKeep();
  const toast = useToast();
  const failed = (message: string) => toast({ message, tone: "failed" });
  // Also what is undone after the row has gone says how it went.
  const run = async (status: Said["status"], over: string, undoTo?: Said["status"]) => {
    try {
      const { id, effect, refused } = await keep.mutateAsync({ day: one.training_day_id, cadet: one.cadet_id, status, over });
      if (refused) return failed(words.notKept(refused.message));
      if (effect?.effect !== "applied") return failed(words.changed(one.name));
      toast({
        message: words.kept(one.name, common.status[status]),
        ...(undoTo ? { action: { label: common.undo, run: () => void run(undoTo, id) } } : {}),
      });
    } catch (error) {
      failed(words.notKept(messageOf(error)));
    }
  };
  const who = nameOf(said.actor_id);
  return (
    <div className={styles.said}>
      <StatusSign status={said.status} word />
      <span className="small muted">{words.by(who, formatMoment(said.occurred_at))}</span>
      <Button
        tiny
        busy={keep.isPending}
        aria-label={words.keepOf(common.status[said.status], who, one.name)}
        onClick={() => void run(said.status, one.stands.record_id, one.stands.status)}
      >
        {words.keep}
      </Button>
    </div>
  );
}

const dayLink = (one: Disagreement) => (
  <Link to={paths.trainingDay(one.training_day_id)}>
    {formatDay(one.date)}, {one.day_title}
  </Link>
);

const columns = (nameOf: NameOf): Column<Disagreement>[] => [
  { id: "name", header: words.columns.name, cell: (one) => <span className="strong">{one.name}</span> },
  { id: "day", header: words.columns.day, cell: dayLink },
  { id: "stands", header: words.columns.stands, cell: (one) => <Choice one={one} said={one.stands} nameOf={nameOf} /> },
  { id: "other", header: words.columns.other, cell: (one) => <Choice one={one} said={one.other} nameOf={nameOf} /> },
];

/** Both marks of each cadet about whom two devices disagree, and which of them to keep. */
export function DisagreementList({ termId }: { termId: string }) {
  const [page, setPage] = useState(1);
  const query = useDisagreements(termId, null, page, 50);
  const nameOf = useNames((query.data?.data ?? []).flatMap((one) => [one.stands.actor_id, one.other.actor_id]));
  return (
    <QueryView query={query} what={words.what} skeleton={<SkeletonRows rows={8} columns={4} />}>
      {(found) =>
        found.total === 0 ? (
          <EmptyState icon="check" title={words.none}>
            <p>{words.noneBody}</p>
          </EmptyState>
        ) : (
          <DataTable
            caption={words.title}
            columns={columns(nameOf)}
            rows={found.data}
            rowKey={(one) => one.id}
            phone={(one) => (
              <div className="stack-small">
                <span className="strong">{one.name}</span>
                <span className="small">{dayLink(one)}</span>
                <div className={styles.pair}>
                  <Choice one={one} said={one.stands} nameOf={nameOf} />
                  <Choice one={one} said={one.other} nameOf={nameOf} />
                </div>
              </div>
            )}
            footer={<Pagination page={found.page} limit={found.limit} total={found.total} onPage={setPage} />}
          />
        )
      }
    </QueryView>
  );
}
