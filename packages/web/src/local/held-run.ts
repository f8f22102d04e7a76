/** A run that the page holds: what views show of it, and what can be saved of it. */
import { type ForeignRecord, type RunRecord, recordPieces, recordWithGif } from "@volumark/measure";
import { keepLocalRun } from "../service/local-runs.ts";
import type { LoadedRun } from "../service/run-source.ts";
import { gifPictures } from "./gif-pictures.ts";

export interface HeldRun {
  readonly id: string;
  readonly origin: "file" | "here";
  /** Of the file, or what it would be called. */
  readonly fileName: string;
  /** What a reader should know, a sentence each. */
  readonly notes: readonly string[];
  /** The record with its animation, byte for byte as it was dropped. */
  file(): Blob;
}

const held = new Map<string, HeldRun>();

export function heldRun(id: string): HeldRun | null {
  return held.get(id) ?? null;
}

export interface HoldOptions {
  readonly origin: HeldRun["origin"];
  readonly fileName: string;
  readonly title: string;
  /** Without its animation. */
  readonly record: RunRecord | ForeignRecord;
  readonly own: boolean;
  readonly gif: Uint8Array<ArrayBuffer> | null;
  readonly notes: readonly string[];
  /** The file that it came from; without one it is written when it is asked for. */
  readonly file: Blob | null;
}

/** Keeps the run until the page is closed, and gives its name for an address. */
export function hold(options: HoldOptions): string {
  const { origin, fileName, record, own, gif, notes, file } = options;
  const id = crypto.randomUUID().slice(0, 8);
  const animation = gif && new Blob([gif], { type: "image/gif" });
  const pictures = animation && gifPictures(animation);
  const run: LoadedRun = {
    source: { kind: "local", id },
    title: options.title,
    record,
    own,
    gifAddress: pictures?.address ?? null,
    framePicture: async (frame) => (pictures ? pictures.picture(frame) : null),
    release() {
      pictures?.release();
      held.delete(id);
    },
  };
  held.set(id, { id, origin, fileName, notes, file: () => file ?? written(record, gif) });
  keepLocalRun(run);
  return id;
}

function written(record: RunRecord | ForeignRecord, gif: Uint8Array | null): Blob {
  // Only runs made here have no file, and their records are our own.
  const whole = recordWithGif({ ...(record as RunRecord) }, gif ?? new Uint8Array(0));
  return new Blob([...recordPieces(whole), "\n"], { type: "application/json" });
}
