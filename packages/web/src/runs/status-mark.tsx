/** A run's status as a shape and a word. */
import type { RunView } from "volumark/api";
import classes from "./runs.module.css";

const SHAPES: Readonly<Record<RunView["status"], string>> = {
  queued: "◌",
  running: "◐",
  finished: "●",
  failed: "✕",
  cancelled: "◼",
};

export function StatusMark({ status }: { readonly status: RunView["status"] }) {
  return (
    <span className={classes.mark} data-status={status}>
      <span aria-hidden="true">{SHAPES[status]}</span> {status}
    </span>
  );
}
