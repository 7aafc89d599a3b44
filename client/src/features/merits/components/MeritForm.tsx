import { useState } from "react";
import { Button, FormError, Segmented, TextArea, TextField, useToast } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { messageOf } from "@/lib/error-words";
import { uuid7 } from "@/lib/ids";
import { common } from "@/messages/common";
import { merits as words } from "@/messages/merits";
import { MOST_POINTS } from "@/types/domain";
import { takeBack, useRecordMerits, type Found, type Recorded } from "../api/merits";
import { CadetPicker } from "./CadetPicker";
import styles from "./merits.module.css";

const KINDS = [
  { value: "merit" as const, label: words.merit },
  { value: "demerit" as const, label: words.demerit },
];

/** One record for each chosen cadet: kind, points, and a reason that the cadet will read. */
export function MeritForm({ termId, first }: { termId: number; first: Found | null }) {
  const [chosen, setChosen] = useState<Found[]>(first ? [first] : []);
  const [ids, setIds] = useState<readonly string[]>([]);
  const [nobody, setNobody] = useState(false);
  const [refused, setRefused] = useState<Recorded["refused"]>([]);
  const record = useRecordMerits(termId);
  const toast = useToast();
  const form = useForm({
    initial: { kind: "merit" as "merit" | "demerit", points: "", reason: "" },
    validate: (values) => {
      setNobody(chosen.length === 0);
      const points = Number(values.points);
      return {
        ...(chosen.length === 0 ? { cadets: words.cadetNeeded } : {}),
        ...(Number.isInteger(points) && points >= 1 && points <= MOST_POINTS ? {} : { points: words.pointsRange }),
        ...(values.reason.trim() ? {} : { reason: words.reasonNeeded }),
      };
    },
    submit: (values) => {
      // Kept for a second try of the same intention: what the first one did store is then a duplicate, not a second record.
      const own = ids.length === chosen.length ? ids : chosen.map(() => uuid7());
      setIds(own);
      return record.mutateAsync({
        draft: { kind: values.kind, points: Number(values.points), reason: values.reason.trim() },
        cadets: chosen,
        ids: own,
      });
    },
    onDone: (result) => {
      setIds([]);
      setRefused(result.refused);
      setChosen(result.refused.map((one) => one.cadet));
      if (result.stored.length === 0) return;
      const who = result.stored.length === 1 ? result.stored[0]!.cadet.name : words.cadets(result.stored.length);
      const undo = () =>
        takeBack(
          result.stored.map((one) => one.id),
          words.undoReason,
        ).then(
          () => toast({ message: words.taken }),
          (error: unknown) => toast({ message: messageOf(error), tone: "failed" }),
        );
      toast({
        message: words.done(form.values.kind === "merit" ? words.merit : words.demerit, Number(form.values.points), who),
        action: { label: common.undo, run: () => void undo() },
      });
      form.reset({ kind: form.values.kind, points: "", reason: "" });
    },
  });
  const choose = (next: Found[]) => {
    setChosen(next);
    setIds([]);
    setNobody(false);
  };
  const word = form.values.kind === "merit" ? words.merit.toLowerCase() : words.demerit.toLowerCase();
  return (
    <form className={`stack ${styles.form}`} {...form.formProps}>
      <FormError>{form.formError}</FormError>
      {refused.length > 0 ? (
        <ul role="alert" className={styles.error}>
          {refused.map((one) => (
            <li key={one.cadet.id}>{words.refused(one.cadet.name, one.message)}</li>
          ))}
        </ul>
      ) : null}
      <CadetPicker chosen={chosen} onChange={choose} error={nobody ? words.cadetNeeded : undefined} />
      <Segmented label={words.kind} choices={KINDS} value={form.values.kind} onChange={(kind) => form.set("kind", kind)} />
      <TextField label={words.points} hint={words.pointsRange} inputMode="numeric" autoComplete="off" {...form.text("points")} />
      <TextArea label={words.reason} hint={words.reasonHint} maxLength={500} {...form.text("reason")} />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {words.issue(word, chosen.length)}
      </Button>
    </form>
  );
}
