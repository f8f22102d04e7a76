/** Asks before runs are taken away, because nothing brings them back. */
import { Button, Group, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { formatCounted } from "@volumark/measure";
import { useState } from "react";
import { service } from "../service/client.ts";
import { KEYS } from "../service/queries.ts";
import type { RunRow } from "./run-row.ts";
import classes from "./runs.module.css";

export interface DeleteDialogProps {
  /** Empty: closed. */
  readonly rows: readonly Pick<RunRow, "id" | "scene" | "status">[];
  readonly onClose: (deleted: readonly string[]) => void;
}

export function DeleteDialog({ rows, onClose }: DeleteDialogProps) {
  const queries = useQueryClient();
  const [state, setState] = useState<{ readonly busy: boolean; readonly problem: string | null }>({
    busy: false,
    problem: null,
  });

  async function remove() {
    setState({ busy: true, problem: null });
    const deleted: string[] = [];
    let problem: string | null = null;
    for (const { id } of rows) {
      try {
        await service.call("deleteRun", { params: { id } });
        deleted.push(id);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        break;
      }
    }
    await queries.invalidateQueries({ queryKey: KEYS.runs });
    setState({ busy: false, problem });
    if (problem === null) onClose(deleted);
  }

  const [first] = rows;
  return (
    <Modal
      opened={rows.length > 0}
      onClose={() => {
        setState({ busy: false, problem: null });
        onClose([]);
      }}
      title={rows.length === 1 ? "Delete this run?" : `Delete ${formatCounted(rows.length, "run")}?`}
      closeButtonProps={{ "aria-label": "Close" }}
      centered
    >
      <p>
        {rows.length === 1 && first ? (
          <>
            <bdi>{first.scene}</bdi> ({first.id.slice(0, 8)}) with its record and animation.
          </>
        ) : (
          "With their records and animations."
        )}{" "}
        This can't be undone.
      </p>
      {state.problem !== null && (
        <p role="alert" className={classes.problem}>
          {state.problem}
        </p>
      )}
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={() => onClose([])} data-autofocus>
          Keep
        </Button>
        <Button color="red.8" loading={state.busy} onClick={() => void remove()}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
