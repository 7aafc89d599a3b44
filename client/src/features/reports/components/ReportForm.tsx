import { Button, FormError, Segmented, Select, useToast, type Choice } from "@/components/ui";
import { useForm } from "@/hooks/use-form";
import { choicesOf } from "@/lib/choices";
import { unitNames, useUnits } from "@/lib/units";
import { reports as words } from "@/messages/reports";
import { useAskReport } from "../api/reports";
import styles from "./reports.module.css";

const FORMATS = (["xlsx", "pdf"] as const).map((value) => ({ value, label: words.formats[value] }));

export function ReportForm({ terms, term }: { terms: readonly Choice[]; term: string }) {
  const ask = useAskReport();
  const toast = useToast();
  const { companies } = unitNames(useUnits().data ?? [], { which: "found" });
  const form = useForm({
    initial: { term_id: term, company: "", format: "xlsx" as "xlsx" | "pdf" },
    submit: (values) =>
      ask.mutateAsync({
        kind: "grade_sheet",
        term_id: Number(values.term_id),
        format: values.format,
        ...(values.company ? { company: values.company } : {}),
      }),
    onDone: () => toast({ message: words.asked, tone: "wait" }),
  });
  return (
    <form className="stack" {...form.formProps}>
      <div>
        <h2>{words.gradeSheet}</h2>
        <p className="soft">{words.lead}</p>
      </div>
      <FormError>{form.formError}</FormError>
      <div className={styles.form}>
        <Select label={words.term} choices={terms} {...form.text("term_id")} />
        <Select label={words.company} placeholder={words.everyone} choices={choicesOf(companies)} {...form.text("company")} />
        <Segmented
          label={words.format}
          choices={FORMATS}
          value={form.values.format}
          onChange={(format) => form.set("format", format)}
        />
      </div>
      <Button type="submit" look="primary" icon="report" busy={form.busy}>
        {words.make}
      </Button>
    </form>
  );
}
