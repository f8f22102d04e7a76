/** A run as its events tell it: a state, and what an event makes of it. */
import type { RunEventView } from "volumark/api";

/** Stages in the order in which a frame goes through them; `other` is waiting, instruments and what is not accounted for. */
export const PROGRESS_STAGES = ["field", "surface", "picture", "convert", "encode", "other"] as const;
export type ProgressStage = (typeof PROGRESS_STAGES)[number];

export interface FrameProgress {
  readonly frame: number;
  readonly lane: number;
  readonly wallNs: number;
  readonly stageNs: Readonly<Record<ProgressStage, number>>;
  readonly triangles: number | null;
}

export interface FramePicture {
  readonly frame: number;
  /** A data: address. */
  readonly address: string;
}

export interface RunProgress {
  readonly status: "unknown" | "queued" | "running" | "finished" | "failed" | "cancelled";
  /** Number of the newest event. */
  readonly last: number;
  /** Runs before it; null where it does not wait. */
  readonly position: number | null;
  /** Of the first pass, by number; old ones may be missing. */
  readonly frames: readonly FrameProgress[];
  /** The newest pictures, the newest last. */
  readonly pictures: readonly FramePicture[];
  readonly done: number;
  /** Frames of one pass; 0 where not known yet. */
  readonly total: number;
  /** Pass that goes on, from 0, where there are several. */
  readonly pass: number | null;
  readonly elapsedMs: number | null;
  readonly remainingMs: number | null;
  readonly medianFrameNs: number | null;
  readonly cancelAsked: boolean;
  /** Times that it was taken up; above 1 a worker was lost. */
  readonly attempts: number;
  readonly reason: string | null;
}

export const NO_PROGRESS: RunProgress = {
  status: "unknown",
  last: 0,
  position: null,
  frames: [],
  pictures: [],
  done: 0,
  total: 0,
  pass: null,
  elapsedMs: null,
  remainingMs: null,
  medianFrameNs: null,
  cancelAsked: false,
  attempts: 0,
  reason: null,
};

/** Pictures that are kept. */
const MOST_PICTURES = 48;

/** The state after these events; those that it has seen before change nothing. */
export function afterEvents(state: RunProgress, events: readonly RunEventView[]): RunProgress {
  const next: Mutable<RunProgress> = { ...state };
  let frames: Map<number, FrameProgress> | null = null;
  let pictures: FramePicture[] | null = null;
  for (const { sequence, kind, data } of events) {
    if (sequence <= next.last) continue;
    next.last = sequence;
    switch (kind) {
      case "queued":
        next.status = "queued";
        next.position = data.position ?? next.position;
        break;
      case "started":
        next.status = "running";
        next.position = null;
        next.attempts++;
        break;
      case "requeued":
        Object.assign(next, { ...NO_PROGRESS, status: "queued", last: sequence, attempts: next.attempts });
        frames = new Map();
        pictures = [];
        next.reason = data.reason ?? null;
        break;
      case "frame": {
        const frame = frameOf(data);
        if (!frame) break;
        frames ??= new Map(next.frames.map((one) => [one.frame, one]));
        frames.set(frame.frame, frame);
        next.done = Math.max(next.done, frame.frame + 1);
        if (typeof data.picture === "string" && data.picture.startsWith("data:image/")) {
          pictures ??= [...next.pictures];
          pictures.push({ frame: frame.frame, address: data.picture });
        }
        break;
      }
      case "statistics":
        next.done = data.done ?? next.done;
        next.total = data.frames ?? next.total;
        next.elapsedMs = data.elapsedMs ?? next.elapsedMs;
        next.remainingMs = data.remainingMs ?? null;
        next.medianFrameNs = data.medianFrameNs ?? next.medianFrameNs;
        next.pass = typeof data.pass === "number" ? data.pass : next.pass;
        break;
      case "cancel-asked":
        next.cancelAsked = true;
        break;
      case "finished":
      case "failed":
      case "cancelled":
        next.status = kind;
        next.position = null;
        next.remainingMs = null;
        next.reason = data.reason ?? null;
        break;
    }
  }
  if (frames) next.frames = [...frames.values()].sort((a, b) => a.frame - b.frame);
  if (pictures) next.pictures = pictures.slice(-MOST_PICTURES);
  return next;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function frameOf({ frame, lane, times, counts }: RunEventView["data"]): FrameProgress | null {
  if (frame === undefined || !times) return null;
  const ns = (name: string) => finite(times[name]) ?? 0;
  const wallNs = ns("wallNs");
  const stages = {
    field: ns("fieldNs"),
    surface: ns("surfaceNs"),
    picture: ns("pictureNs"),
    convert: ns("convertNs"),
    encode: ns("encodeNs"),
  };
  const known = Object.values(stages).reduce((sum, one) => sum + one, 0);
  return {
    frame,
    lane: lane ?? 0,
    wallNs,
    stageNs: { ...stages, other: Math.max(0, wallNs - known) },
    triangles: finite(counts?.triangles),
  };
}

function finite(value: unknown): number | null {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}
