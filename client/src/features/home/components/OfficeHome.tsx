import { Link } from "react-router";
import { ButtonLink, Icon, Loading, QueryView, Skeleton, type IconName } from "@/components/ui";
import { paths } from "@/config/paths";
import { useCan } from "@/lib/auth";
import { formatDay, formatNumber, todayInManila } from "@/lib/format";
import { useRealtimeEvents } from "@/lib/realtime/realtime";
import { home as words } from "@/messages/home";
import { useHomeFacts, type HomeDay, type HomeFacts } from "../api/home";
import styles from "./home.module.css";

const CHANGES = [
  "grading.term.created",
  "grading.term.updated",
  "grading.training_day.created",
  "grading.training_day.updated",
  "grading.training_day.cancelled",
  "roster.cadets.imported",
];

function Step({
  done,
  icon,
  title,
  why,
  children,
}: {
  done: boolean;
  icon: IconName;
  title: string;
  why: string;
  children: React.ReactNode;
}) {
  return (
    <li className={styles.step}>
      <Icon name={done ? "check" : icon} className={done ? styles.done : undefined} />
      <div className="grow">
        <h3>{title}</h3>
        <p className="soft">{why}</p>
      </div>
      {done ? null : children}
    </li>
  );
}

function FirstSteps({ facts }: { facts: HomeFacts }) {
  const mayImport = useCan("roster.import");
  const mayOpen = useCan("terms.manage");
  const roster = facts.cadets > 0;
  return (
    <section className="card">
      <h2 className="pad">{words.start}</h2>
      <ol>
        <Step done={roster} icon="people" title={words.importTitle} why={mayImport ? words.importWhy : words.importAsk}>
          {mayImport ? (
            <ButtonLink to={paths.imports} look="primary" icon="upload">
              {words.importDo}
            </ButtonLink>
          ) : null}
        </Step>
        <Step done={facts.term !== null} icon="calendar" title={words.termTitle} why={mayOpen ? words.termWhy : words.termAsk}>
          {mayOpen ? (
            <ButtonLink to={paths.terms} look={roster ? "primary" : "plain"}>
              {words.termDo}
            </ButtonLink>
          ) : null}
        </Step>
      </ol>
    </section>
  );
}

function DayCard({ day, termId }: { day: HomeDay | null; termId: number }) {
  const today = todayInManila();
  if (!day) {
    return (
      <section className={`card ${styles.card}`}>
        <h2>{words.next}</h2>
        <p className="soft">{words.noDay}</p>
        <ButtonLink to={paths.term(termId)}>{words.planDays}</ButtonLink>
      </section>
    );
  }
  const isToday = day.date === today;
  return (
    <section className={`card ${styles.card}`}>
      <h2>{isToday ? words.today : day.date > today ? words.next : words.last}</h2>
      <p className={styles.figure}>{formatDay(day.date)}</p>
      <p className="soft">{day.title}</p>
      <ButtonLink to={paths.trainingDay(day.id)} look={isToday ? "primary" : "plain"} icon="check">
        {isToday ? words.takeRoll : words.openRoll}
      </ButtonLink>
    </section>
  );
}

function GradesCard({ counts, termId }: { counts: NonNullable<HomeFacts["counts"]>; termId: number }) {
  const to = (state: string) => `${paths.gradebook}?term_id=${termId}&state=${state}`;
  const rows = [
    { state: "provisional", icon: "clock", word: words.provisional },
    { state: "complete", icon: "check", word: words.complete },
    { state: "no_data", icon: "info", word: words.noData },
    ...(counts.special > 0 ? [{ state: "special", icon: "badge", word: words.special } as const] : []),
  ] as const;
  return (
    <section className={`card ${styles.card}`}>
      <h2>{words.grades}</h2>
      <ul className={styles.counts}>
        {rows.map(({ state, icon, word }) => (
          <li key={state}>
            <Link to={to(state)}>
              <Icon name={icon} small />
              <b className="num">{formatNumber(counts[state])}</b> {word}
            </Link>
          </li>
        ))}
      </ul>
      <ButtonLink to={`${paths.gradebook}?term_id=${termId}`}>{words.openGradebook}</ButtonLink>
    </section>
  );
}

function ComingDays({ days, termId }: { days: readonly HomeDay[]; termId: number }) {
  return (
    <section className={`card ${styles.quick} ${styles.row}`}>
      <h2>{words.coming}</h2>
      <ul className={styles.links}>
        {days.map((day) => (
          <li key={day.id}>
            <Link to={paths.trainingDay(day.id)}>
              <span className={`num ${styles.when}`}>{formatDay(day.date)}</span>
              <span className="grow">{day.title}</span>
              <Icon name="right" small />
            </Link>
          </li>
        ))}
        <li>
          <Link to={paths.term(termId)}>
            <span className="grow">{words.allDays}</span>
            <Icon name="right" small />
          </Link>
        </li>
      </ul>
    </section>
  );
}

function QuickLinks() {
  const links = [
    { show: useCan("grading.merit"), to: paths.merits, icon: "medal", label: words.merit },
    { show: useCan("reports.request"), to: paths.reports, icon: "report", label: words.report },
    { show: useCan("roster.import"), to: paths.imports, icon: "upload", label: words.import },
    { show: useCan("users.manage"), to: paths.codeCards, icon: "key", label: words.accounts },
  ] as const;
  return (
    <section className={`card ${styles.quick}`}>
      <h2>{words.quick}</h2>
      <ul className={styles.links}>
        {links
          .filter((link) => link.show)
          .map((link) => (
            <li key={link.to}>
              <Link to={link.to}>
                <Icon name={link.icon} />
                <span className="grow">{link.label}</span>
                <Icon name="right" small />
              </Link>
            </li>
          ))}
      </ul>
    </section>
  );
}

const isNew = (facts: HomeFacts): boolean => facts.cadets === 0 || facts.term === null;

const skeleton = (
  <Loading what={words.what}>
    <div className={styles.cards}>
      {[0, 1, 2].map((card) => (
        <div key={card} className={`card ${styles.card}`}>
          <Skeleton width="40%" />
          <Skeleton width="60%" height={28} />
          <Skeleton width="80%" />
          <Skeleton width="120px" height={36} />
        </div>
      ))}
    </div>
  </Loading>
);

/** What the office does next: today's roll, what the grades still need, or the first steps of a new house. */
export function OfficeHome() {
  const facts = useHomeFacts();
  useRealtimeEvents(CHANGES, () => void facts.refetch());
  return (
    <QueryView query={facts} what={words.what} skeleton={skeleton}>
      {(data) => (
        <>
          {isNew(data) ? <FirstSteps facts={data} /> : null}
          <div className={styles.cards}>
            {data.term ? <DayCard day={data.day} termId={data.term.id} /> : null}
            {data.term && data.counts && data.cadets > 0 ? <GradesCard counts={data.counts} termId={data.term.id} /> : null}
            {data.cadets > 0 ? (
              <section className={`card ${styles.card}`}>
                <h2>{words.cadets}</h2>
                <p className={styles.figure}>{formatNumber(data.cadets)}</p>
                <p className="soft">{words.onRoster}</p>
                <ButtonLink to={paths.cadets}>{words.openRoster}</ButtonLink>
              </section>
            ) : null}
            {isNew(data) ? null : <QuickLinks />}
            {data.term && data.coming.length > 0 ? <ComingDays days={data.coming} termId={data.term.id} /> : null}
          </div>
        </>
      )}
    </QueryView>
  );
}
