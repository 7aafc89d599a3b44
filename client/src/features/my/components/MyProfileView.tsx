import { lazy, Suspense, useState } from "react";
import { Button, FormError, Loading, QueryView, Select, Skeleton, TextArea, TextField, useToast } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { ApiError } from "@/lib/api-error";
import { choicesOf } from "@/lib/choices";
import { formatDate, orDash } from "@/lib/format";
import { common } from "@/messages/common";
import { my as words } from "@/messages/my";
import { GENDERS } from "@/types/domain";
import { useMyProfile, useSaveMyProfile, type MyProfile, type ProfileChange } from "../api/profile";
import styles from "./my.module.css";

// Radix comes with the question, not with the page.
const ConfirmDialog = lazy(async () => ({ default: (await import("@/components/ui/Dialog")).ConfirmDialog }));

const OWN = ["email", "contact_number", "address", "gender", "religion", "birthdate"] as const;
type Own = Record<(typeof OWN)[number], string>;

const ownOf = (profile: MyProfile): Own => Object.fromEntries(OWN.map((name) => [name, profile[name] ?? ""])) as Own;
// Only what differs: a field that the office changed meanwhile is not put back.
const changeOf = (values: Own, profile: MyProfile): ProfileChange =>
  Object.fromEntries(
    OWN.map((name) => [name, values[name].trim() || null] as const).filter(([name, value]) => value !== (profile[name] || null)),
  );

function validate(values: Own): Partial<Record<keyof Own, string>> {
  return values.email.trim() && !/^\S+@\S+\.\S+$/.test(values.email.trim()) ? { email: words.notEmail } : {};
}

function ContactForm({ profile }: { profile: MyProfile }) {
  const save = useSaveMyProfile();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const form = useForm({
    initial: ownOf(profile),
    validate,
    submit: (values) => save.mutateAsync({ change: changeOf(values, profile), version: profile.version }),
    onDone: () => toast({ message: words.saved }),
  });
  const complete = async () => {
    try {
      await save.mutateAsync({
        change: { ...changeOf(form.values, profile), is_profile_completed: true },
        version: profile.version,
      });
      toast({ message: words.completed });
    } catch (reason) {
      // What is missing stands beside its field, so the question makes room.
      if (!(reason instanceof ApiError) || Object.keys(reason.fields).length === 0) throw reason;
      setAsking(false);
      form.fail(reason);
    }
  };
  return (
    <form className="card pad stack" {...form.formProps}>
      <div>
        <h2>{words.contact}</h2>
        <p className="small muted">{words.contactHint}</p>
      </div>
      <FormError>{form.formError}</FormError>
      <TextField label={words.email} type="email" autoComplete="email" {...form.text("email")} />
      <TextField label={words.phone} type="tel" autoComplete="tel" {...form.text("contact_number")} />
      <TextArea label={words.address} autoComplete="street-address" {...form.text("address")} />
      <Select
        label={words.gender}
        placeholder={common.select}
        choices={choicesOf(GENDERS, profile.gender ?? "")}
        {...form.text("gender")}
      />
      <TextField label={words.religion} {...form.text("religion")} />
      <TextField label={words.birthdate} type="date" autoComplete="bday" {...form.text("birthdate")} />
      <div className="row">
        <Button type="submit" look="primary" busy={form.busy}>
          {common.save}
        </Button>
        <Button icon="lock" onClick={() => setAsking(true)}>
          {words.complete}
        </Button>
      </div>
      {asking ? (
        <Suspense fallback={null}>
          <ConfirmDialog
            open
            onClose={() => setAsking(false)}
            title={words.completeTitle}
            body={words.completeBody}
            confirm={words.complete}
            keep={words.keepOpen}
            onConfirm={complete}
          />
        </Suspense>
      ) : null}
    </form>
  );
}

function Facts({ rows }: { rows: readonly (readonly [string, string | null | undefined])[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([term, value]) => (
        <div key={term} style={{ display: "contents" }}>
          <dt>{term}</dt>
          <dd>{orDash(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function MyProfileView() {
  const profile = useMyProfile();
  const skeleton = (
    <Loading what={words.yourProfile}>
      <div className={styles.gradeSkeleton}>
        {[0, 1, 2, 3, 4, 5].map((row) => (
          <Skeleton key={row} height={36} />
        ))}
      </div>
    </Loading>
  );
  return (
    <QueryView query={profile} what={words.yourProfile} skeleton={skeleton}>
      {(one) => (
        <div className={styles.profile}>
          <section className="card pad stack">
            <div>
              <h2>{words.record}</h2>
              <p className="small muted">{words.recordHint}</p>
            </div>
            <Facts
              rows={[
                [words.name, [one.first_name, one.middle_name, one.last_name, one.suffix_name].filter(Boolean).join(" ")],
                [words.studentNumber, one.student_id],
                [words.rank, one.rank],
                [words.unit, [one.company, one.platoon].filter(Boolean).join(", ")],
                [words.position, one.corp_position],
                [words.cadetCourse, one.cadet_course],
                [words.course, one.course],
                [words.yearLevel, one.year_level],
                [words.status, one.status],
              ]}
            />
          </section>
          {one.is_profile_completed ? (
            <section className="card pad stack">
              <div>
                <h2>{words.contact}</h2>
                <p className="small muted">{words.locked}</p>
              </div>
              <Facts
                rows={[
                  [words.email, one.email],
                  [words.phone, one.contact_number],
                  [words.address, one.address],
                  [words.gender, one.gender],
                  [words.religion, one.religion],
                  [words.birthdate, one.birthdate ? formatDate(one.birthdate) : null],
                ]}
              />
            </section>
          ) : (
            <ContactForm profile={one} />
          )}
        </div>
      )}
    </QueryView>
  );
}
