import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import type { Unit } from "@/lib/units";
import { common } from "@/messages/common";
import { units as words } from "@/messages/units";
import { useAddUnit, useChangeUnit, type UnitRow } from "../api/units";

// What may stand under a unit of each kind; a battalion stands under none.
const BELOW: Record<string, readonly string[]> = { battalion: ["company", "special"], company: ["platoon"] };
const TOP = "";

type Props = { rows: readonly UnitRow[]; onClose: () => void; onSaved: (unit: Unit) => void };

const sequenceError = (text: string) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 10_000 ? {} : { sequence: words.sequenceWrong };
const nameError = (name: string) => (name.trim() ? {} : { name: words.needed });

/** Where a new unit would stand: what it is under, and the kinds that may stand there. */
function placeOf(rows: readonly UnitRow[], values: { parent: string; kind: string }) {
  const parents = rows.filter((unit) => unit.kind in BELOW);
  const above = parents.find((unit) => String(unit.id) === values.parent);
  const kinds = above ? (BELOW[above.kind] ?? []) : ["battalion"];
  return { parents, above, kinds, kind: kinds.includes(values.kind) ? values.kind : (kinds[0] ?? "") };
}

/** A new unit below one of the tree, or a battalion below none. */
export function AddUnit({ rows, parent, onClose, onSaved }: Props & { parent?: UnitRow | undefined }) {
  const add = useAddUnit();
  const first = parent ?? rows.find((unit) => unit.kind in BELOW);
  const form = useForm({
    initial: { parent: first ? String(first.id) : TOP, kind: "", name: "", sequence: "0" },
    validate: (values) => ({ ...nameError(values.name), ...sequenceError(values.sequence) }),
    submit: (values) => {
      const { kind, above } = placeOf(rows, values);
      return add.mutateAsync({ kind, name: values.name, parent_id: above?.id ?? null, sequence: Number(values.sequence) });
    },
    onDone: onSaved,
  });
  const { parents, kinds, kind } = placeOf(rows, form.values);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="unit-form" look="primary" busy={form.busy}>
            {words.addDo}
          </Button>
        </>
      }
    >
      <form id="unit-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <Select
          label={words.under}
          placeholder={common.none}
          choices={parents.map((unit) => ({ value: String(unit.id), label: unit.name }))}
          {...form.text("parent")}
        />
        <Select
          label={words.kind}
          choices={kinds.map((value) => ({ value, label: words.kinds[value] ?? value }))}
          {...form.text("kind")}
          value={kind}
        />
        <TextField label={words.name} autoFocus {...form.text("name")} />
        <TextField label={words.sequence} hint={words.sequenceHint} inputMode="numeric" {...form.text("sequence")} />
      </form>
    </Dialog>
  );
}

/** The name and place of a unit; its cadets' records follow a new name. */
export function EditUnit({ unit, onClose, onSaved }: Omit<Props, "rows"> & { unit: UnitRow }) {
  const change = useChangeUnit();
  const form = useForm({
    initial: { name: unit.name, sequence: String(unit.sequence) },
    validate: (values) => ({ ...nameError(values.name), ...sequenceError(values.sequence) }),
    submit: (values) => change.mutateAsync({ unit, changes: { name: values.name, sequence: Number(values.sequence) } }),
    onDone: onSaved,
    explain: (error) => (error.status === 412 ? words.stale : undefined),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.editTitle(unit.name)}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="unit-form" look="primary" busy={form.busy}>
            {words.editDo}
          </Button>
        </>
      }
    >
      <form id="unit-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <TextField
          label={words.name}
          hint={form.values.name !== unit.name && unit.cadets > 0 ? words.renames(unit.cadets) : undefined}
          {...form.text("name")}
        />
        <TextField label={words.sequence} hint={words.sequenceHint} inputMode="numeric" {...form.text("sequence")} />
      </form>
    </Dialog>
  );
}
