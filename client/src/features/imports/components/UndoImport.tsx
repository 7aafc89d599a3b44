import { useState } from "react";
import { Button } from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { ApiError } from "@/lib/api-error";
import { imports as words } from "@/messages/imports";
import { useImportStep } from "../api/imports";

export type Refusal = { cadet_id: number; name: string; reason: string };

/** Asks before taking an import back; a refusal goes to the page, which has room to name everybody. */
export function UndoImport({ id, count, onRefused }: { id: string; count: number; onRefused: (refused: Refusal[]) => void }) {
  const [asking, setAsking] = useState(false);
  const undo = useImportStep(id, "undo");
  const run = async () => {
    try {
      await undo.mutateAsync(undefined);
      onRefused([]);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "import_changed_since") throw error;
      onRefused((error.details as { refused?: Refusal[] }).refused ?? []);
    }
  };
  return (
    <>
      <Button icon="undo" onClick={() => setAsking(true)}>
        {words.undo}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        danger
        title={words.undoTitle(count)}
        body={words.undoBody}
        confirm={words.undoDo(count)}
        keep={words.undoKeep}
        onConfirm={run}
      />
    </>
  );
}
