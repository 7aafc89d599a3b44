import { classes, EmptyState, Icon, QueryView, SkeletonRows } from "@/components/ui";
import { formatMoment } from "@/lib/format";
import { my as words } from "@/messages/my";
import { useMyChanges, useMyMerits, type MyMerit } from "../api/my";
import styles from "./my.module.css";
import { isNoTerm, NoTerm } from "./NoTerm";

function Merit({ one }: { one: MyMerit }) {
  const demerit = one.kind === "demerit";
  return (
    <li>
      <Icon name={demerit ? "minus" : "plus"} className={demerit ? styles.demerit : styles.merit} />
      <div className="grow">
        <p className={classes(styles.title, one.voided && styles.gone)}>{one.reason || words.noReason}</p>
        <p className="small muted num">
          {demerit ? words.demerit : words.merit} · {formatMoment(one.occurred_at)}
        </p>
        {one.voided ? <p className="small">{words.voided(one.voided.reason || words.noReason)}</p> : null}
      </div>
      <b className={classes("num", styles.points, one.voided && styles.gone)}>
        {demerit ? "−" : "+"}
        {one.points}
      </b>
    </li>
  );
}

export function MyMeritsView() {
  useMyChanges();
  const merits = useMyMerits();
  if (isNoTerm(merits.error)) return <NoTerm />;
  return (
    <QueryView query={merits} what={words.yourMerits} skeleton={<SkeletonRows columns={2} rows={6} what={words.yourMerits} />}>
      {({ data }) =>
        data.length === 0 ? (
          <EmptyState icon="medal" title={words.noMerits}>
            {words.noMeritsWhy}
          </EmptyState>
        ) : (
          <ul className={styles.list}>
            {data.map((one) => (
              <Merit key={one.id} one={one} />
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}
