import { useState } from "react";
import { Button, Chip, DataTable, IconButton, useToast, type Column } from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { Menu, type MenuItem } from "@/components/ui/Menu";
import { useCan } from "@/lib/auth";
import { messageOf } from "@/lib/error-words";
import { formatNumber } from "@/lib/format";
import { units as words } from "@/messages/units";
import { useChangeUnit, type UnitRow } from "../api/units";
import { AddUnit, EditUnit } from "./UnitForm";
import styles from "./units.module.css";

type Doing = { what: "add" | "edit" | "off"; unit: UnitRow };
const HOLDS = ["battalion", "company"];

function UnitState({ unit }: { unit: UnitRow }) {
  return unit.is_active ? <Chip>{words.inUse}</Chip> : <Chip tone="wait">{words.off}</Chip>;
}

const makeColumns = (actions: ((unit: UnitRow) => MenuItem[]) | null): Column<UnitRow>[] => [
  {
    id: "name",
    header: words.columns.name,
    cell: (unit) => (
      <span className={styles.name} data-depth={unit.depth}>
        {unit.name}
      </span>
    ),
  },
  { id: "kind", header: words.columns.kind, cell: (unit) => words.kinds[unit.kind] ?? unit.kind },
  { id: "cadets", header: words.columns.cadets, numeric: true, cell: (unit) => formatNumber(unit.cadets) },
  { id: "state", header: words.columns.state, cell: (unit) => <UnitState unit={unit} /> },
  ...(actions
    ? [
        {
          id: "do",
          header: "",
          fill: true,
          cell: (unit: UnitRow) => (
            <span className="row">
              {actions(unit).map((item) => (
                <Button key={item.label} tiny look="quiet" aria-label={`${item.label}: ${unit.name}`} onClick={item.onSelect}>
                  {item.label}
                </Button>
              ))}
            </span>
          ),
        },
      ]
    : []),
];

/** The unit tree, a row a unit; who may write the roster adds, edits and switches units off and on. */
export function UnitTable({ rows }: { rows: readonly UnitRow[] }) {
  const mayWrite = useCan("roster.write");
  const [doing, setDoing] = useState<Doing | null>(null);
  const change = useChangeUnit();
  const toast = useToast();
  const close = () => setDoing(null);
  const done = (message: string) => {
    close();
    toast({ message });
  };
  const switchOn = (unit: UnitRow) =>
    change.mutate(
      { unit, changes: { is_active: true } },
      {
        onSuccess: () => toast({ message: words.switchedOn(unit.name) }),
        onError: (error) => toast({ message: messageOf(error), tone: "failed" }),
      },
    );
  const actions = (unit: UnitRow): MenuItem[] => [
    { label: words.edit, icon: "edit", onSelect: () => setDoing({ what: "edit", unit }) },
    ...(HOLDS.includes(unit.kind)
      ? [{ label: words.addTo(unit.name), icon: "plus" as const, onSelect: () => setDoing({ what: "add", unit }) }]
      : []),
    unit.is_active
      ? { label: words.switchOff, icon: "close", onSelect: () => setDoing({ what: "off", unit }) }
      : { label: words.switchOn, icon: "undo", onSelect: () => switchOn(unit) },
  ];
  return (
    <>
      <DataTable
        caption={words.tab}
        columns={makeColumns(mayWrite ? actions : null)}
        rows={rows}
        rowKey={(unit) => String(unit.id)}
        phone={(unit) => (
          <div className="row between">
            <span className={`stack-small grow ${styles.name}`} data-depth={unit.depth}>
              <span>{unit.name}</span>
              <span className="small muted">
                {words.kinds[unit.kind]} · {words.cadets(unit.cadets)}
              </span>
            </span>
            {unit.is_active ? null : <UnitState unit={unit} />}
            {mayWrite ? (
              <Menu items={actions(unit)} label={words.change(unit.name)}>
                <IconButton icon="more" label={words.change(unit.name)} />
              </Menu>
            ) : null}
          </div>
        )}
      />
      {doing?.what === "add" ? (
        <AddUnit rows={rows} parent={doing.unit} onClose={close} onSaved={(unit) => done(words.added(unit.name))} />
      ) : null}
      {doing?.what === "edit" ? (
        <EditUnit unit={doing.unit} onClose={close} onSaved={(unit) => done(words.saved(unit.name))} />
      ) : null}
      {doing?.what === "off" ? (
        <ConfirmDialog
          open
          onClose={close}
          title={words.offTitle(doing.unit.name)}
          body={words.offBody(doing.unit.cadets)}
          confirm={words.switchOff}
          keep={words.keep}
          onConfirm={async () => {
            await change.mutateAsync({ unit: doing.unit, changes: { is_active: false } });
            toast({ message: words.switchedOff(doing.unit.name) });
          }}
        />
      ) : null}
    </>
  );
}
