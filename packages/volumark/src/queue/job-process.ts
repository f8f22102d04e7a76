/**
 * The process in which one job is made. It belongs to one attempt and ends with it; when its worker is gone it ends at once.
 *
 * A process of its own, because what is measured must not share a thread, a heap or a garbage collector with a server; and
 * because whatever kills it, out of memory or a fault in native code, costs one attempt and nothing else.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type AnimationInput, type AnimationSettings, completeSettings, EngineError } from "@volumark/engine";
import { median, type RunRecord } from "@volumark/measure";
import { pictureAddress } from "../export/picture-address.ts";
import { readFault } from "../job/fault.ts";
import { runJob } from "../job/job.ts";
import type { JobHooks } from "../job/make-frames.ts";
import { lanesThatFit, memoryLimit, memoryRefusal } from "../job/memory.ts";
import { laneBytes } from "../job/memory-need.ts";
import { planOutput, reserveOutput } from "../job/output-paths.ts";
import { prepareRun } from "../store/prepare-run.ts";
import { againCommand } from "./again-command.ts";
import { fileSource } from "./file-source.ts";
import type { FromJobProcess, ToJobProcess } from "./job-messages.ts";
import type { ProgressEvent } from "./job-types.ts";

/** Between two messages of progress, and two looks at the sensors and the statistics: ms. */
const PROGRESS_MS = 250;
const SENSORS_MS = 1000;
/** Frames whose times one message has; of more, the newest. */
const MOST_FRAMES = 100;

const stop = new AbortController();
process.on("disconnect", () => process.exit(1));
// Ctrl-C and a terminal that closes reach the whole group; it is the worker that decides what becomes of the job.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);
process.on("message", (message: ToJobProcess) => {
  if (message.type === "stop") stop.abort("cancelled");
  else void make(message).then(endWith);
});

async function make(order: Extract<ToJobProcess, { type: "make" }>): Promise<FromJobProcess> {
  const { options, folder, command } = order;
  let settings: AnimationSettings;
  try {
    settings = completeSettings(order.settings as unknown as AnimationInput);
  } catch (error) {
    if (error instanceof EngineError) return { type: "refused", reason: error.message };
    throw error;
  }
  const limit = memoryLimit();
  const wanted = Math.min(options.lanes ?? availableParallelism(), settings.frames);
  const bytes = laneBytes(settings, wanted, limit);
  const lanes = options.lanes === undefined ? lanesThatFit(wanted, bytes, limit) : wanted;
  const refusal = memoryRefusal(lanes, bytes, limit);
  if (refusal !== null) return { type: "refused", reason: refusal };
  const { passes = 1, backend = "wasm", verify = false, pictures = false } = options;
  const telling = progressTeller(settings);
  const result = await runJob(
    settings,
    {
      lanes,
      backend,
      pictures,
      plan: passes > 1 ? { kind: "fixed", count: passes } : { kind: "once" },
      output: await reserveOutput(planOutput(join(folder, "animation.gif"), settings.scene.name)),
      command: againCommand(settings, options) ?? command,
      warnings: [],
      signal: stop.signal,
      fault: readFault(process.env.VOLUMARK_FAULT) ?? null,
      verify,
    },
    telling.hooks,
  );
  telling.end();
  const { status, problem, record, gif } = result;
  const shown = withoutGif(record);
  const gifPath = gif?.path ?? null;
  // Here rather than where it is stored: packing and grading take tens of milliseconds, in which a server would not answer.
  const { gif: stored, ...rest } = prepareRun(shown, gifPath === null ? new Uint8Array(0) : fileSource(gifPath));
  const prepared = { ...rest, gifHash: stored?.hash ?? null };
  return { type: "made", status, problem, record: shown, gifPath, prepared };
}

/** Gathers what happens into a message now and then. */
function progressTeller({ frames }: AnimationSettings): { readonly hooks: JobHooks; readonly end: () => void } {
  let events: ProgressEvent[] = [];
  let done = 0;
  let toldMs = performance.now();
  let sensorsMs = Number.NEGATIVE_INFINITY;
  let statisticsMs = performance.now();
  const wallNs: number[] = [];
  let statistics: ProgressEvent | null = null;
  const tell = (last = false) => {
    const nowMs = performance.now();
    if (!last && nowMs - toldMs < PROGRESS_MS) return;
    if (statistics && (last || nowMs - statisticsMs >= SENSORS_MS)) {
      events.push(statistics);
      statistics = null;
      statisticsMs = nowMs;
    }
    if (events.length === 0) return;
    send({ type: "progress", events, done });
    events = [];
    toldMs = nowMs;
  };
  return {
    hooks: {
      onFrame({ frame, lane, times, counts, picture }, pass, palette) {
        if (pass > 0) return;
        done = frame + 1;
        wallNs.push(times.wallNs);
        if (wallNs.length > MOST_FRAMES * 10) wallNs.shift();
        const shown = picture ? { picture: pictureAddress(picture, palette) } : {};
        events.push({ kind: "frame", data: { frame, lane, times, counts, ...shown } });
        // Those with a picture stay: there are few, and they are what somebody waits for.
        if (events.length > MOST_FRAMES)
          events.splice(
            Math.max(
              0,
              events.findIndex(({ data }) => !data.picture),
            ),
            1,
          );
      },
      onProgress(progress) {
        const { elapsedMs, pass } = progress;
        const remainingMs = progress.done > 0 ? (elapsedMs / progress.done) * (frames - progress.done) : null;
        statistics = {
          kind: "statistics",
          data: {
            done: progress.done,
            frames,
            elapsedMs,
            remainingMs,
            medianFrameNs: wallNs.length > 0 ? median(Float64Array.from(wallNs)) : null,
            ...(pass ? { pass: pass.index, interval: pass.decision?.interval ?? null } : {}),
          },
        };
        tell();
      },
      onSample(readings) {
        const nowMs = performance.now();
        if (nowMs - sensorsMs < SENSORS_MS) return;
        sensorsMs = nowMs;
        events.push({ kind: "sensors", data: { readings } });
        tell();
      },
    },
    end: () => tell(true),
  };
}

/** The same keys in the same order; its bytes are not read, for they may be a file's. */
function withoutGif(record: RunRecord): RunRecord {
  const shown: Record<string, unknown> = {};
  for (const key of Object.keys(record) as (keyof RunRecord)[]) {
    shown[key] = key === "gif_data" ? "" : key === "gif_bytestream" ? [] : record[key];
  }
  return shown as unknown as RunRecord;
}

/** Says the last thing and ends when it has been taken; children that describe the machine are not waited for. */
function endWith(message: FromJobProcess): void {
  send(message, () => process.exit(0));
}

function send(message: FromJobProcess, sent: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, sent);
}
