/** One pass in lanes that are ready: all frames in order, into a GIF or its hash, and when it began and ended. */
import { createHash } from "node:crypto";
import { GIF_TRAILER } from "@volumark/engine";
import { type Canary, median } from "@volumark/measure";
import type { LaneFrame, Lanes } from "../lanes/lanes.ts";
import { FrameColumns } from "./frame-columns.ts";

export const STAGE_NAMES = ["field", "surface", "picture", "convert", "encode"] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** One complete pass. */
export interface MadePass {
  readonly startNs: number;
  readonly totalNs: number;
  /** Median of the runs just before it; null where there is one pass only. */
  readonly canaryNs: number | null;
  /** SHA-256 of its GIF; null for the first, whose GIF lies in the spool. */
  readonly outputHash: string | null;
  readonly frames: FrameColumns;
}

/** A pass while it is made: what it says is true at any moment, also where it ends in a failure. */
export interface PassUnderWay {
  readonly frames: FrameColumns;
  /** Nanoseconds that each stage has taken so far, all lanes together. */
  readonly stageNs: Record<StageName, number>;
  readonly begunNs: number;
  /** When the first frame began in its lane; infinite before that. */
  startNs: number;
  /** When the last frame ended in its lane, and when it was here. */
  lastEndNs: number;
  receivedNs: number;
}

/** Where the bytes of a pass go: the spool, or a hash. */
export interface PassSink {
  begin(header: Uint8Array): void;
  /** A promise is waited for. */
  add(frame: Uint8Array): Promise<void> | null;
}

/** Runs of the canary before a pass; their median counts. */
const CANARY_RUNS = 3;

export function canaryBefore(canary: Canary): number {
  return median(Float64Array.from({ length: CANARY_RUNS }, canary.run));
}

export function beginPass(now: () => number): PassUnderWay {
  const begunNs = now();
  const stageNs = { field: 0, surface: 0, picture: 0, convert: 0, encode: 0 };
  return {
    frames: new FrameColumns(),
    stageNs,
    begunNs,
    startNs: Number.POSITIVE_INFINITY,
    lastEndNs: begunNs,
    receivedNs: begunNs,
  };
}

/** Makes the frames of a pass; after an abort those that are finished. Throws `LaneFailure`. */
export async function makePass(
  pass: PassUnderWay,
  lanes: Lanes,
  { sink, now, onFrame }: { sink: PassSink; now: () => number; onFrame: (made: LaneFrame) => void },
): Promise<void> {
  const { frames, stageNs } = pass;
  for await (const made of lanes.pass()) {
    const { bytes, times, counts, pictureHash, lane, frame } = made;
    pass.receivedNs = now();
    if (frames.length === 0) sink.begin(lanes.header);
    const behind = sink.add(bytes);
    frames.add({ frame, lane, times, counts, pictureHash });
    pass.startNs = Math.min(pass.startNs, times.startNs);
    pass.lastEndNs = Math.max(pass.lastEndNs, times.startNs + times.wallNs);
    for (const name of STAGE_NAMES) stageNs[name] += times[`${name}Ns`];
    onFrame(made);
    if (behind) await behind;
  }
}

/** Takes a GIF as the spool does, and keeps its hash only. */
export function createHasher(): PassSink & { end(): string } {
  const hash = createHash("sha256");
  return {
    begin: (header) => void hash.update(header),
    add: (bytes) => {
      hash.update(bytes);
      return null;
    },
    end: () => hash.update(GIF_TRAILER).digest("hex"),
  };
}
