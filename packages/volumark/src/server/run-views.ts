/** From a job of the queue and a row of the store to the run that the service shows. */
import type { RunResult, RunView } from "../api/run-view.ts";
import type { Job, Silence } from "../queue/job-types.ts";
import type { JobQueue } from "../queue/queue.ts";
import type { RunsTable } from "../store/tables.ts";
import type { ServerContext } from "./context.ts";
import type { FoundRun } from "./find-run.ts";

/** The run as it is shown; asks the queue for its position. */
export async function viewOf({ queue }: Pick<ServerContext, "queue">, { job, run }: FoundRun): Promise<RunView> {
  if (job === null) return recordView(run);
  return jobView(job, job.status === "queued" ? await queue.position(job.id) : null, run, silenceOf(queue, job));
}

/** Of the worker of a running job; null where it is heard of. */
export function silenceOf(
  queue: Pick<JobQueue, "silence">,
  { id, status }: Pick<Job, "id" | "status">,
): Silence | null {
  return status === "running" ? queue.silence(id) : null;
}

/** `run` is the job's stored run, where there is one. */
export function jobView(
  job: Job,
  position: number | null,
  run: RunsTable | null,
  silence: Silence | null = null,
): RunView {
  return {
    id: job.id,
    kind: "job",
    status: job.status,
    scene: job.scene,
    settings: job.settings,
    settingsHash: job.settingsHash,
    options: { ...job.options },
    machine: job.machine,
    worker: job.worker?.label ?? null,
    submittedAt: job.submittedAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    durationMs: job.durationMs,
    attempts: job.attempts,
    mostAttempts: job.mostAttempts,
    done: job.done,
    frames: job.frames,
    position,
    cancelAsked: job.cancelAsked,
    reason: job.reason,
    ...(silence === null ? {} : { silence }),
    lastEvent: job.lastEvent,
    result: run && resultOf(run),
  };
}

const STATUS = { done: "finished", failed: "failed", stopped: "cancelled" } as const;

/** A stored run that was not submitted here: its record was brought in, or `volumark run` has left it. */
export function recordView(run: RunsTable): RunView {
  return {
    id: run.id,
    kind: "record",
    status: STATUS[run.status],
    scene: run.scene,
    settings: null,
    settingsHash: run.settingsHash,
    options: {},
    machine: null,
    worker: null,
    submittedAt: run.storedAt,
    startedAt: run.startedAt,
    endedAt: null,
    durationMs: Math.round(Number(run.totalNs) / 1e6),
    attempts: 0,
    mostAttempts: 0,
    done: Number(run.frames),
    frames: Number(run.frames),
    position: null,
    cancelAsked: false,
    reason: null,
    lastEvent: 0,
    result: resultOf(run),
  };
}

export function resultOf(run: RunsTable): RunResult {
  return {
    runId: run.id,
    source: run.source,
    status: run.status,
    frames: Number(run.frames),
    passes: Number(run.passes),
    grade: run.grade,
    sceneHash: run.sceneHash,
    outputHash: run.outputHash,
    gif: run.gifHash !== null,
    machine: run.machine,
    cpu: run.cpu,
    version: run.version,
    commit: run.commit,
    lanes: numberOf(run.lanes),
    backend: run.backend,
    totalNs: numberOf(run.totalNs),
    frameNs: numberOf(run.frameNs),
    fieldNs: numberOf(run.fieldNs),
    surfaceNs: numberOf(run.surfaceNs),
    pictureNs: numberOf(run.pictureNs),
    convertNs: numberOf(run.convertNs),
    encodeNs: numberOf(run.encodeNs),
    distrust: JSON.parse(run.distrust) as string[],
    acknowledged: run.acknowledged,
    acknowledgedAt: run.acknowledgedAt,
  };
}

/** Postgres gives whole numbers of 64 bits as text. */
function numberOf(value: number | null): number | null {
  return value === null ? null : Number(value);
}
