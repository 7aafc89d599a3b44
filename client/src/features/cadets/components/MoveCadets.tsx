import { useState } from "react";
import { Button, useToast } from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { messageOf } from "@/lib/error-words";
import { cadets as words } from "@/messages/cadets";
import { common } from "@/messages/common";
import { useMoveCadets } from "../api/cadets";

/** Archives (after asking, with Undo afterwards) or restores the given cadets. */
export function MoveCadets({ ids, to, onDone }: { ids: number[]; to: "archive" | "restore"; onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const move = useMoveCadets();
  const toast = useToast();
  const back = to === "archive" ? "restore" : "archive";
  const undo = async () => {
    try {
      await move.mutateAsync({ ids, to: back });
      toast({ message: back === "restore" ? words.restoredDone(ids.length) : words.archivedDone(ids.length) });
    } catch (error) {
      toast({ message: messageOf(error), tone: "failed" });
    }
  };
  const run = async () => {
    await move.mutateAsync({ ids, to });
    toast({
      message: to === "archive" ? words.archivedDone(ids.length) : words.restoredDone(ids.length),
      action: { label: common.undo, run: () => void undo() },
    });
    onDone();
  };
  if (to === "restore")
    return (
      <Button
        icon="undo"
        busy={move.isPending}
        onClick={() => void run().catch((error: unknown) => toast({ message: messageOf(error), tone: "failed" }))}
      >
        {words.restore(ids.length)}
      </Button>
    );
  return (
    <>
      <Button icon="archive" onClick={() => setAsking(true)}>
        {words.archive(ids.length)}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        danger
        title={words.archiveTitle(ids.length)}
        body={words.archiveBody}
        confirm={words.archive(ids.length)}
        keep={words.keep}
        onConfirm={run}
      />
    </>
  );
}
