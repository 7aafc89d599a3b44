import { useState } from "react";
import { useNavigate } from "react-router";
import { Button } from "@/components/ui";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { paths } from "@/config/paths";
import { imports as words } from "@/messages/imports";
import { useDiscardImport } from "../api/imports";

/** Throws a preview away, with what was mended and decided in it: so it asks. */
export function DiscardImport({ id, filename }: { id: string; filename: string }) {
  const [asking, setAsking] = useState(false);
  const discard = useDiscardImport(id);
  const navigate = useNavigate();
  return (
    <>
      <Button icon="close" onClick={() => setAsking(true)}>
        {words.discard}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        danger
        title={words.discardTitle(filename)}
        body={words.discardBody}
        confirm={words.discardDo}
        keep={words.discardKeep}
        onConfirm={async () => {
          await discard.mutateAsync();
          await navigate(paths.imports);
        }}
      />
    </>
  );
}
