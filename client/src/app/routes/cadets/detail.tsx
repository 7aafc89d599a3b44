import { useState } from "react";
import { Link, useParams } from "react-router";
import { Page } from "@/components/layouts/Page";
import { Button, ButtonLink, Chip, QueryView, SkeletonRows, StaleBanner, useToast } from "@/components/ui";
import { paths } from "@/config/paths";
import { nameOf, useCadet, type Cadet } from "@/features/cadets/api/cadets";
import { CadetForm } from "@/features/cadets/components/CadetForm";
import styles from "@/features/cadets/components/cadets.module.css";
import { MoveCadets } from "@/features/cadets/components/MoveCadets";
import { ProfileLock } from "@/features/cadets/components/ProfileLock";
import { useCan } from "@/lib/auth";
import { formatDate, orDash } from "@/lib/format";
import { audit as history } from "@/messages/audit";
import { cadets as words } from "@/messages/cadets";

const SECTIONS: [keyof typeof words.sections, (keyof Cadet)[]][] = [
  ["unit", ["rank", "company", "platoon", "cadet_course", "battalion", "corp_position", "status"]],
  ["school", ["course", "year_level", "school_year", "semester"]],
  ["person", ["student_id", "username", "gender", "birthdate", "religion"]],
  ["contact", ["email", "contact_number", "address"]],
];

function Facts({ cadet }: { cadet: Cadet }) {
  return SECTIONS.map(([section, fields]) => (
    <section key={section} className="card pad stack-small" aria-label={words.sections[section]}>
      <h2>{words.sections[section]}</h2>
      <dl className={styles.facts}>
        {fields.map((field) => (
          <div key={field}>
            <dt>{words.fields[field] ?? field}</dt>
            <dd>{field === "birthdate" ? formatDate(cadet.birthdate) : orDash(cadet[field] as string | null)}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

export function Component() {
  const { cadetId = "" } = useParams();
  const query = useCadet(cadetId);
  const [editing, setEditing] = useState(false);
  const mayWrite = useCan("roster.write");
  const mayGrade = useCan("grading.read");
  const mayReadHistory = useCan("audit.read");
  const toast = useToast();
  const cadet = query.data;
  const actions = cadet ? (
    <>
      {mayWrite ? <MoveCadets ids={[cadet.id]} to={cadet.is_archived ? "restore" : "archive"} onDone={() => undefined} /> : null}
      {mayGrade ? (
        <ButtonLink to={paths.gradebookCadet(cadet.id)} icon="grid">
          {words.grade}
        </ButtonLink>
      ) : null}
      {mayWrite ? (
        <Button look="primary" icon="edit" onClick={() => setEditing(true)}>
          {words.edit}
        </Button>
      ) : null}
    </>
  ) : undefined;
  return (
    <Page
      title={cadet ? nameOf(cadet) : words.one}
      subtitle={cadet ? <Chip>{cadet.student_id}</Chip> : undefined}
      parent={{ to: paths.cadets, label: words.title }}
      actions={actions}
    >
      <QueryView query={query} what={words.one} skeleton={<SkeletonRows rows={8} columns={3} />}>
        {(data) => (
          <div className="stack">
            {data.is_archived ? <StaleBanner since={0}>{words.isArchived}</StaleBanner> : null}
            <Facts cadet={data} />
            <ProfileLock cadet={data} />
            {mayReadHistory ? (
              <Link className="small" to={paths.auditOf("roster", "cadet", data.id)}>
                {history.ofCadet}
              </Link>
            ) : null}
          </div>
        )}
      </QueryView>
      {editing && cadet ? (
        <CadetForm
          cadet={cadet}
          onClose={() => setEditing(false)}
          onSaved={(saved) => {
            setEditing(false);
            toast({ message: words.saved(nameOf(saved)) });
          }}
        />
      ) : null}
    </Page>
  );
}
