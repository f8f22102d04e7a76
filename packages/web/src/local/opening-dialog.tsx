/** What happens to a file that was dropped, and why it can't be shown. */
import { Button, Modal, Progress } from "@mantine/core";
import { formatBytes } from "@volumark/measure";
import classes from "./local.module.css";
import type { Opening } from "./open-file.ts";

export interface OpeningDialogProps {
  readonly opening: Opening;
  readonly onClose: () => void;
  readonly onChoose: () => void;
}

export function OpeningDialog({ opening, onClose, onChoose }: OpeningDialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={opening.status === "refused" ? "This file can't be shown" : "Reading the record"}
      closeButtonProps={{ "aria-label": "Close" }}
      centered
    >
      {opening.status === "reading" ? (
        <Reading {...opening} onCancel={onClose} />
      ) : (
        <div role="alert" className={classes.refused}>
          <p className={classes.name}>
            <bdi>{opening.name}</bdi>
          </p>
          <p className={classes.reason}>{opening.reason}</p>
          <Button variant="default" onClick={onChoose}>
            Choose another file
          </Button>
        </div>
      )}
    </Modal>
  );
}

function Reading({ name, progress, onCancel }: Extract<Opening, { status: "reading" }> & { onCancel: () => void }) {
  const { readBytes, totalBytes, heldBytes } = progress;
  const share = totalBytes > 0 ? (100 * readBytes) / totalBytes : 0;
  return (
    <div className={classes.refused} role="status">
      <p className={classes.name}>
        <bdi>{name}</bdi>
      </p>
      <Progress value={share} aria-label="Read so far" />
      <p className="quiet">
        {readBytes >= totalBytes && totalBytes > 0
          ? `Checking ${formatBytes(totalBytes)}`
          : `${formatBytes(readBytes)} of ${formatBytes(totalBytes)}`}
        , about {formatBytes(heldBytes)} of memory
      </p>
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
