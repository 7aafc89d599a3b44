import { useState } from "react";
import { Button, FormError, Segmented, TextArea, TextField, useToast } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { messageOf } from "@/lib/error-words";
import type { Fact, FactOf } from "@/lib/offline/facts";
import { useOfflineQueue } from "@/lib/offline/context";
import { common } from "@/messages/common";
import { merits as words } from "@/messages/merits";
import { MOST_POINTS } from "@/types/domain";
import { takeBack, useRecordMerits, type Found } from "../api/merits";
import { CadetPicker } from "./CadetPicker";
import styles from "./merits.module.css";

const KINDS = [
  { value: "merit" as const, label: words.merit },
  { value: "demerit" as const, label: words.demerit },
];
// So long the form waits for a refusal, to show it where it can be mended; what takes longer is told on the page of what waits.
const ANSWER_WITHIN = 4_000;

type Props = {
  termId: number;
  first: Found | null;
  /** A refused record to be made anew: it leaves the device when the new one is there. */
  change?: FactOf<"points">;
};

/** One record for each chosen cadet: kind, points, and a reason that the cadet will read. */
export function MeritForm({ termId, first, change }: Props) {
  const [refused, setRefused] = useState<readonly Fact[]>(change ? [change] : []);
  const queue = useOfflineQueue();
  const record = useRecordMerits(termId);
  const toast = useToast();

  const undo = async (facts: readonly Fact[]) => {
    const gone = await queue.withdraw(facts);
    if (gone.length > 0) await queue.flush();
    const { waiting } = queue.snapshot();
    if (gone.some((fact) => waiting.some((one) => one.id === fact.id))) return toast({ message: words.notTaken, tone: "failed" });
    try {
      await takeBack(
        gone.map((fact) => fact.id),
        words.undoReason,
      );
      toast({ message: words.taken });
    } catch (error) {
      toast({ message: messageOf(error), tone: "failed" });
    }
  };
  const form = useForm({
    initial: {
      kind: (change?.body.kind ?? "merit") as "merit" | "demerit",
      points: change ? String(change.body.points) : "",
      reason: change?.body.reason ?? "",
      cadets: (first ? [first] : []) as Found[],
    },
    validate: (values) => {
      const points = Number(values.points);
      return {
        ...(values.cadets.length === 0 ? { cadets: words.cadetNeeded } : {}),
        ...(Number.isInteger(points) && points >= 1 && points <= MOST_POINTS ? {} : { points: words.pointsRange }),
        ...(values.reason.trim() ? {} : { reason: words.reasonNeeded }),
      };
    },
    submit: async ({ kind, points, reason, cadets }) => {
      const facts = await record({ kind, points: Number(points), reason: reason.trim() }, cadets);
      await queue.discard(refused);
      await Promise.race([queue.flush(), new Promise((late) => setTimeout(late, ANSWER_WITHIN))]);
      return facts;
    },
    onDone: (facts) => {
      const now = queue.snapshot();
      const among = (others: readonly Fact[]) => others.filter((other) => facts.some((fact) => fact.id === other.id));
      const failed = among(now.refused);
      const taken = facts.filter((fact) => !failed.some((one) => one.id === fact.id));
      setRefused(failed);
      const { kind, points, cadets } = form.values;
      if (taken.length > 0) {
        const who = taken.length === 1 ? taken[0]!.about.who : words.cadets(taken.length);
        const waits = among(now.waiting).length > 0;
        toast({
          message: (waits ? words.onItsWay : words.done)(words[kind], Number(points), who),
          tone: waits ? "wait" : "done",
          action: { label: common.undo, run: () => void undo(taken) },
        });
      }
      if (failed.length > 0)
        form.set(
          "cadets",
          cadets.filter((cadet) => failed.some((one) => one.body.cadet_id === cadet.id)),
        );
      else form.reset({ kind, points: "", reason: "", cadets: [] });
    },
  });
  const { kind, cadets } = form.values;
  return (
    <form className={`stack ${styles.form}`} {...form.formProps}>
      <FormError>{form.formError}</FormError>
      {refused.length > 0 ? (
        <ul role="alert" className={styles.error}>
          {refused.map((one) => (
            <li key={one.id}>{words.refused(one.about.who, one.refusal?.message ?? "")}</li>
          ))}
        </ul>
      ) : null}
      <CadetPicker chosen={cadets} onChange={(next) => form.set("cadets", next)} error={form.errors.cadets} />
      <Segmented label={words.kind} choices={KINDS} value={kind} onChange={(next) => form.set("kind", next)} />
      <TextField label={words.points} hint={words.pointsRange} inputMode="numeric" autoComplete="off" {...form.text("points")} />
      <TextArea label={words.reason} hint={words.reasonHint} maxLength={500} {...form.text("reason")} />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {words.issue(words[kind].toLowerCase(), cadets.length)}
      </Button>
    </form>
  );
}
