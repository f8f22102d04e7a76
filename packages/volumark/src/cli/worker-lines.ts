/** What is said of a run that a worker makes: a line when it is taken, one when the attempt is over. */
import { formatCounted } from "@volumark/measure";
import type { Job } from "../queue/job-types.ts";
import { QUEUE_DEFAULTS } from "../queue/queue.ts";
import { printable } from "./printable.ts";
import { durationText } from "./progress.ts";
import type { Paint } from "./terminal.ts";

/** Characters of an id. */
const SHORT = 8;

/** What becomes of a run whose worker ends at once. */
export const LEFT_BEHIND = `Ended at once: the run is made again by the next worker, on another machine when nothing was heard of this one for ${QUEUE_DEFAULTS.leaseMs / 1000} s.`;

/** `3fa9c1d2  seed, 30 frames  begun, attempt 2 of 3` */
export function takenLine({ id, scene, frames, attempts, mostAttempts }: Job, paint: Paint): string {
  const again = attempts > 1 ? `, attempt ${attempts} of ${mostAttempts}` : "";
  return `${paint("bold", id.slice(0, SHORT))}  ${nameOf(scene, frames)}  ${paint("dim", `begun${again}`)}`;
}

/** `3fa9c1d2  seed, 30 frames  finished in 0.4 s, run 77aa01b2` */
export function outcomeLine(job: Job | null, id: string, paint: Paint): string {
  const name = paint("bold", id.slice(0, SHORT));
  if (job === null) return `${name}  was removed meanwhile`;
  const { status, reason, scene, frames, done, durationMs, runId } = job;
  const took = durationMs === null ? "" : ` in ${durationText(durationMs)}`;
  const why = reason === null ? "" : `: ${printable(reason)}`;
  const kept = runId === null ? "" : paint("dim", `, run ${runId.slice(0, SHORT)}`);
  const start = `${name}  ${nameOf(scene, frames)}  `;
  switch (status) {
    case "finished":
      return `${start}${paint("green", "finished")}${took}${kept}`;
    case "failed":
      return `${start}${paint("red", "failed")}${took}${why}${kept}`;
    case "cancelled":
      return `${start}${paint("yellow", "cancelled")} after ${formatCounted(done, "frame")}${why}${kept}`;
    case "queued":
      return `${start}${paint("yellow", "put back")} into the queue${why}`;
    case "running":
      return `${start}${paint("yellow", "taken over")} by another worker`;
  }
}

function nameOf(scene: string, frames: number): string {
  return `${printable(scene)}, ${formatCounted(frames, "frame")}`;
}
