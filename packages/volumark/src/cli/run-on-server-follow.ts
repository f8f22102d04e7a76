/** A run on a server as it is followed from here: the progress line of a local run, the queue before it, breaks and all. */
import { formatDuration } from "@volumark/measure";
import { type Client, ServiceError } from "../api/client.ts";
import type { RunEventView } from "../api/run-events.ts";
import type { RunView } from "../api/run-view.ts";
import { STAGE_NAMES, type StageName } from "../job/make-pass.ts";
import { printable } from "./printable.ts";
import { durationText, type Progress } from "./progress.ts";

export interface FollowedOptions {
  readonly client: Client;
  readonly run: RunView;
  readonly passes: number;
  readonly progress: Progress;
  /** A line of its own. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** A server that is away for longer is given up. */
  readonly mostAwayMs: number;
  readonly now: () => number;
}

/** Between two looks at the place in the queue, ms. */
const QUEUE_MS = 1000;
/** A run of which nothing came for so long is looked at, whether its worker is heard of, ms. */
const QUIET_MS = 3000;

/** Follows the run to its last event; null where `signal` was aborted before. Throws `ServiceError`, also where the server is away for too long. */
export async function followRun(options: FollowedOptions): Promise<RunEventView | null> {
  const { client, run, progress, say, signal, mostAwayMs, now } = options;
  const shown = progressOf(options);
  const queue = watchRun(options);
  let awaySinceMs: number | null = null;
  try {
    for await (const event of client.follow(run.id, {
      signal,
      onBreak(waitMs, error) {
        if (waitMs === null) {
          say("The server is there again.\n");
          awaySinceMs = null;
          return;
        }
        queue.forget();
        if (awaySinceMs === null) {
          awaySinceMs = now();
          say(`${breakText(error)} The run is kept there; trying again.\n`);
        }
        if (error !== null && now() - awaySinceMs > mostAwayMs) throw error;
      },
    })) {
      queue.heard(event.kind);
      switch (event.kind) {
        case "started":
          shown.begin();
          break;
        case "requeued":
          progress.clear();
          say(`Put back into the queue: ${event.data.reason ?? "its worker has ended"}.\n`);
          break;
        case "frame":
          shown.frame(event);
          break;
        case "statistics":
          shown.statistics(event);
          break;
        case "finished":
        case "failed":
        case "cancelled":
          return event;
      }
    }
    return null;
  } finally {
    queue.stop();
    progress.clear();
  }
}

function breakText(error: unknown): string {
  if (error instanceof ServiceError) return error.message;
  return error === null ? "The server has ended the connection." : "The connection to the server broke off.";
}

/** Adds up what the events tell. */
function progressOf({ run, passes, progress, now }: FollowedOptions) {
  let stageNs = emptyStages();
  // When the first frame began, as a local run counts: a process is started before that.
  let begunMs: number | null = null;
  let done = 0;
  let pass: string | null = null;
  const update = () =>
    progress.update({
      done,
      frames: run.frames,
      elapsedMs: begunMs === null ? 0 : now() - begunMs,
      ...(pass === null ? {} : { pass }),
      stages: STAGE_NAMES.map((name) => ({ name, ns: stageNs[name] })),
    });
  return {
    begin() {
      begunMs = null;
      stageNs = emptyStages();
      done = 0;
    },
    frame({ data }: RunEventView) {
      const { wallNs } = data.times ?? {};
      begunMs ??= now() - (typeof wallNs === "number" ? wallNs / 1e6 : 0);
      for (const name of STAGE_NAMES) {
        const ns = data.times?.[`${name}Ns`];
        if (typeof ns === "number") stageNs[name] += ns;
      }
      if (data.frame !== undefined) done = Math.max(done, data.frame + 1);
      update();
    },
    statistics({ data }: RunEventView) {
      if (passes > 1 && typeof data.pass === "number") {
        const interval = data.interval as { readonly value?: unknown } | null | undefined;
        const known = typeof interval?.value === "number" ? `  ${formatDuration(interval.value)}` : "";
        pass = `pass ${data.pass + 1}/${passes}${known}`;
        done = data.done ?? done;
      }
      update();
    },
  };
}

function emptyStages(): Record<StageName, number> {
  return { field: 0, surface: 0, picture: 0, convert: 0, encode: 0 };
}

/** Says how many runs are taken before this one, and that nothing is heard of the worker that makes it, when that changes. */
function watchRun({ client, run, progress, say, signal, now }: FollowedOptions) {
  let waits = run.status === "queued";
  let said: number | null = null;
  let heardMs = now();
  let silent = false;
  const tell = ({ position, silence }: RunView) => {
    if (timer === undefined) return;
    if (waits && position !== null && position !== said) {
      said = position;
      progress.phase(queueText(position, run.machine), true);
    }
    if (!waits && silence !== undefined && !silent) {
      silent = true;
      progress.clear();
      say(silenceText(silence));
    }
  };
  const look = async () => {
    if (!waits && now() - heardMs < QUIET_MS) return;
    try {
      tell(await client.call("getRun", { params: { id: run.id }, signal }));
    } catch {
      // Whoever follows the events is told that the server is away.
    }
  };
  let timer: NodeJS.Timeout | undefined = setInterval(() => void look(), QUEUE_MS);
  tell(run);
  return {
    heard(kind: RunEventView["kind"]) {
      heardMs = now();
      silent = false;
      if (kind === "requeued") said = null;
      if (kind === "queued" || kind === "requeued") waits = true;
      else if (kind !== "cancel-asked") waits = false;
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
    /** Says it again when it is known again. */
    forget() {
      said = null;
    },
  };
}

function silenceText({ silentMs, freeInMs }: NonNullable<RunView["silence"]>): string {
  return `No word from the worker of this run for ${durationText(silentMs)}; without one, the run goes back into the queue in ${durationText(freeInMs)}.\n`;
}

function queueText(position: number, machine: string | null): string {
  const worker = machine === null ? "" : ` for a worker of ${printable(machine)}`;
  return position === 0
    ? `Waiting${worker || " for a worker"}: the next one that is free takes this run`
    : `Waiting${worker}: ${position} ${position === 1 ? "run is" : "runs are"} before this one`;
}
