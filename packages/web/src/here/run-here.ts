/**
 * A run in the page: lanes, passes, and the record that comes of them. No server takes part.
 *
 * The same settings give the same GIF as everywhere else: the same engine makes it. The times are those of this browser.
 */
import { type AnimationSettings, GIF_TRAILER, sha256Hex } from "@volumark/engine";
import { createCanary, median, type RunRecord } from "@volumark/measure";
import { version } from "../../package.json";
import { askBrowser, browserMachine } from "./browser-machine.ts";
import { pageClock } from "./page-clock.ts";
import { type HerePass, recordOfHere } from "./run-facts.ts";
import { HereFailure, type HereLanes, startHereLanes } from "./start-lanes.ts";

export interface HereProgress {
  /** Pass, from 0, and how many there will be. */
  readonly pass: number;
  readonly passes: number;
  /** Frames of this pass. */
  readonly done: number;
  readonly frames: number;
  readonly lanes: number;
  readonly elapsedMs: number;
  /** From what is done; null before the first frame. */
  readonly remainingMs: number | null;
}

export interface HereOptions {
  readonly settings: AnimationSettings;
  /** Default: as many as the browser says there are processors, 8 at most. */
  readonly lanes?: number;
  readonly passes?: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: HereProgress) => void;
  /** RGBA, `width · height`, some a second. */
  readonly onPicture: (frame: number, rgba: Uint8ClampedArray<ArrayBuffer>) => void;
}

export interface HereResult {
  /** Without its animation. */
  readonly record: RunRecord;
  readonly gif: Uint8Array<ArrayBuffer>;
}

const MOST_LANES = 8;
const CANARY_RUNS = 3;

export function defaultLanes(): number {
  return Math.max(1, Math.min(MOST_LANES, navigator.hardwareConcurrency || 1));
}

/** Never throws for what happens in lanes: a failure and a cancel are records too. Throws where no lane could be started. */
export async function runHere(options: HereOptions): Promise<HereResult> {
  const { settings, signal, onProgress, onPicture, passes: wanted = 1 } = options;
  const startedAt = Date.now();
  // The clock's zero: `timeOrigin + now` is the Unix time, but steadier than `Date.now`.
  const originMs = performance.timeOrigin + performance.now();
  const now = pageClock(originMs);
  const facts = await askBrowser();
  const passes: HerePass[] = [];
  let lanes: HereLanes | null = null;
  let failure: HereFailure | null = null;
  let done = 0;
  const report = () => {
    const all = passes.length * settings.frames + done;
    const elapsedMs = now() / 1e6;
    onProgress({
      pass: passes.length,
      passes: wanted,
      done,
      frames: settings.frames,
      lanes: lanes?.lanes ?? 0,
      elapsedMs,
      remainingMs: all > 0 ? (elapsedMs / all) * (wanted * settings.frames - all) : null,
    });
  };
  report();
  let gif: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let unfinished: HerePass | null = null;
  try {
    lanes = await startHereLanes({
      settings,
      lanes: options.lanes ?? defaultLanes(),
      originMs,
      signal,
      onFrame: () => {
        done++;
        report();
      },
      onPicture: (frame, indices) => onPicture(frame, colored(indices, lanes!.colors)),
    });
    const canary = wanted > 1 ? createCanary(now) : null;
    while (passes.length < wanted && !signal.aborted) {
      done = 0;
      const canaryNs = canary ? median(Float64Array.from({ length: CANARY_RUNS }, canary.run)) : null;
      const frames = await lanes.pass(passes.length === 0);
      const bytes =
        frames.length > 0 ? joined([lanes.header, ...frames.map((frame) => frame.bytes), GIF_TRAILER]) : gif;
      const finishedNs = now();
      const complete = frames.length === settings.frames;
      if (passes.length === 0) gif = bytes;
      const pass = { frames, finishedNs, canaryNs, outputHash: frames.length > 0 ? await hashOf(bytes) : null };
      if (complete) passes.push(pass);
      else {
        unfinished = pass;
        break;
      }
    }
  } catch (error) {
    if (error instanceof HereFailure) failure = error;
    else if (!signal.aborted) throw error;
  } finally {
    lanes?.close();
  }
  // Without a whole pass what there is of the first one is the run.
  const kept = passes.length > 0 ? passes : unfinished ? [unfinished] : [];
  const record = recordOfHere({
    id: crypto.randomUUID(),
    settings,
    lanes: lanes?.lanes ?? 0,
    version,
    startedAt,
    timer: lanes?.timer ?? { name: "performance.now", resolutionNs: 0, costNs: 0 },
    compileNs: lanes?.compileNs ?? null,
    peakKernelBytes: lanes?.peakKernelBytes() ?? null,
    passes: kept,
    gif: new Uint8Array(0),
    machine: browserMachine(facts),
    stopped: signal.aborted && passes.length === 0 ? "a request" : null,
    failure: failure ? { stage: failure.stage, frame: failure.frame, message: failure.message } : null,
  });
  record.file_size_bytes = gif.length;
  return { record, gif };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The browser's own hash where it gives one (pages of this machine or with encryption), else the engine's. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!crypto.subtle) return sha256Hex(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function colored(indices: Uint8Array, colors: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * indices.length);
  const words = new Uint32Array(rgba.buffer);
  const table = new Uint32Array(256).fill(0xff000000);
  for (let i = 0; 3 * i + 2 < colors.length; i++)
    table[i] = (0xff000000 | (colors[3 * i + 2]! << 16) | (colors[3 * i + 1]! << 8) | colors[3 * i]!) >>> 0;
  for (let i = 0; i < indices.length; i++) words[i] = table[indices[i]!]!;
  return rgba;
}
