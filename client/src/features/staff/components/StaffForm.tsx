import { Button, FormError, Select, TextField } from "@/components/ui";
import { Dialog } from "@/components/ui/Dialog";
import { useForm } from "@/hooks/use-form";
import { choicesOf } from "@/lib/choices";
import { common } from "@/messages/common";
import { staff as words } from "@/messages/staff";
import { POSITIONS } from "@/types/domain";
import { staffName, useSaveStaff, type Staff } from "../api/staff";

const FIELDS = ["rank", "first_name", "middle_name", "last_name", "suffix_name", "email", "contact_number", "afpsn"] as const;
const NEEDED: readonly string[] = ["first_name", "last_name"];
type Values = Record<(typeof FIELDS)[number] | "position", string>;

const initial = (member?: Staff): Values =>
  ({
    ...Object.fromEntries(FIELDS.map((field) => [field, member?.[field] ?? ""])),
    position: member?.position ?? POSITIONS[0],
  }) as Values;

export function StaffForm({
  member,
  onClose,
  onSaved,
}: {
  member?: Staff;
  onClose: () => void;
  onSaved: (member: Staff) => void;
}) {
  const save = useSaveStaff(member);
  const form = useForm({
    initial: initial(member),
    validate: (values) =>
      Object.fromEntries(NEEDED.filter((field) => !values[field as keyof Values].trim()).map((field) => [field, words.needed])),
    submit: (values) =>
      save.mutateAsync(
        Object.fromEntries(Object.entries(values).map(([field, value]) => [field, value.trim() || null])) as Partial<Staff>,
      ),
    onDone: onSaved,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={member ? words.editTitle(staffName(member)) : words.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" form="staff-form" look="primary" busy={form.busy}>
            {words.save}
          </Button>
        </>
      }
    >
      <form id="staff-form" className="stack" {...form.formProps}>
        <FormError>{form.formError}</FormError>
        <Select label={words.fields["position"]!} choices={choicesOf(POSITIONS, member?.position)} {...form.text("position")} />
        {FIELDS.map((field) => (
          <TextField key={field} label={words.fields[field]!} optional={!NEEDED.includes(field)} {...form.text(field)} />
        ))}
      </form>
    </Dialog>
  );
}
