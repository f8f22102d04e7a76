/**
 * How much of the disk a run will need, asked before any work: a bound that no animation exceeds, a bound that none falls
 * below, and between them an estimate from a few frames.
 *
 * The record holds the GIF twice, as base64 (4/3 bytes each) and as a list of numbers (3.5 characters each on average).
 */
import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  type AnimationSettings,
  FrameMaker,
  type IndexExchange,
  Kernels,
  lookPalette,
  resolveLook,
} from "@volumark/engine";
import { formatCounted } from "@volumark/measure";
import { sizeText } from "./size-text.ts";
import { systemErrorCode } from "./system-error.ts";

export interface DiskNeed {
  readonly gifBytes: number;
  readonly recordBytes: number;
}

/** What is said beforehand, as data and as the sentences of the terminal. */
export interface DiskFinding {
  readonly code: "disk-space" | "record-length";
  readonly evidence: string;
  readonly action: string;
}

/** The longest string of V8 in 64 bits, and so the longest text that JSON.parse of Node reads. */
export const LONGEST_JSON = 2 ** 29 - 24;

const HEADER_BYTES = { least: 40, most: 820 } as const;
/** Graphic control extension, image descriptor and the shortest data; codes of 12 bits a pixel in blocks of 255. */
const FRAME_BYTES = { least: 22, fixed: 24 } as const;
const MOST_BYTES_A_PIXEL = 1.51;
const RECORD = { fixed: 10_000, frame: 200, gifByte: 4.85 } as const;
/** Never so little: each frame has its times and counts, and a byte as a number at least one digit and a comma. */
const LEAST_RECORD = { fixed: 5000, frame: 100, gifByte: 10 / 3 } as const;

/** Frames of the estimate: in pairs, since most frames hold only what changed. */
const PAIRS = 3;
const PROBE_PIXELS = 1 << 16;
const PROBE_DIMENSION = 32;

/** About how long the record of a GIF is. */
export function recordBytes(gifBytes: number, frames: number): number {
  return RECORD.fixed + RECORD.frame * frames + RECORD.gifByte * gifBytes;
}

/** More than any scene needs with these settings. */
export function mostDiskNeed({ frames, width, height }: AnimationSettings): DiskNeed {
  const gifBytes = HEADER_BYTES.most + frames * (FRAME_BYTES.fixed + MOST_BYTES_A_PIXEL * width * height);
  return { gifBytes, recordBytes: recordBytes(gifBytes, frames) };
}

/** Less than any scene needs with these settings: nothing in it moves, and nothing is seen. */
export function leastDiskNeed({ frames }: AnimationSettings): DiskNeed {
  const gifBytes = HEADER_BYTES.least + frames * FRAME_BYTES.least;
  const { fixed, frame, gifByte } = LEAST_RECORD;
  return { gifBytes, recordBytes: fixed + frame * frames + gifByte * gifBytes };
}

/** About what this scene needs. Costs as much as six small frames; drawn smaller than asked for, edges weigh more, which errs on the large side. */
export function estimateDiskNeed(settings: AnimationSettings): DiskNeed {
  const { frames, width, height } = settings;
  const scale = Math.min(1, Math.sqrt(PROBE_PIXELS / (width * height)));
  const small: AnimationSettings = {
    ...settings,
    dimension: Math.min(settings.dimension, PROBE_DIMENSION),
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const kernels = new Kernels();
  const look = resolveLook(small.scene.look);
  const palette = lookPalette(look);
  const exchange = exchangeOfTwo(small.width * small.height);
  const maker = new FrameMaker(small, { kernels, palette, look, exchange, clock: () => 0 });
  let bytes = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    const frame = Math.floor(((pair + 0.5) * frames) / PAIRS);
    if (frame > 0) maker.make(frame - 1);
    bytes += maker.make(frame).bytes.length / PAIRS;
  }
  const perFrame = FRAME_BYTES.fixed + (bytes - FRAME_BYTES.fixed) / (scale * scale);
  const gifBytes = Math.round(HEADER_BYTES.most + frames * perFrame);
  return { gifBytes, recordBytes: recordBytes(gifBytes, frames) };
}

/** Bytes that may be written where `folder` is or will be; null where the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      return await freeBytesAt(path);
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT" || path === dirname(path)) return null;
    }
  }
}

/** The same of a folder that is there. Throws what the system says where it can't be asked. */
export async function freeBytesAt(folder: string): Promise<number | null> {
  const { bavail, bsize, blocks } = await statfs(folder);
  return blocks > 0 ? bavail * bsize : null;
}

/** The sentence that refuses what cannot fit, with both figures; null where it may. */
export function diskRefusal(settings: AnimationSettings, free: number | null, folder: string): string | null {
  const { gifBytes, recordBytes: record } = leastDiskNeed(settings);
  if (free === null || gifBytes + record <= free) return null;
  return `This run writes ${sizeText(gifBytes + record)} at the very least (${formatCounted(settings.frames, "frame")} of GIF and record), and ${folder} has room for ${sizeText(free)}; choose fewer --frames, or another disk with --out.`;
}

/** What a run that may fit should be warned of. Cheap where the bound alone says that all is well. */
export function diskFindings(
  settings: AnimationSettings,
  free: number | null,
  folder: string,
  estimate: (settings: AnimationSettings) => DiskNeed = estimateDiskNeed,
): DiskFinding[] {
  const room = free ?? Number.POSITIVE_INFINITY;
  const most = mostDiskNeed(settings);
  if (most.gifBytes + most.recordBytes <= room && most.recordBytes <= LONGEST_JSON) return [];
  const need = estimate(settings);
  const findings: DiskFinding[] = [];
  if (need.gifBytes + need.recordBytes > room) {
    findings.push({
      code: "disk-space",
      evidence: `the GIF will have about ${sizeText(need.gifBytes)} and its record about ${sizeText(need.recordBytes)}, and ${folder} has room for ${sizeText(room)}`,
      action: "Choose fewer --frames or a smaller --resolution, or another disk with --out",
    });
  }
  if (need.recordBytes > LONGEST_JSON) {
    findings.push({
      code: "record-length",
      evidence: `the record will have about ${sizeText(need.recordBytes)}, since it holds the GIF of about ${sizeText(need.gifBytes)} twice, and JSON.parse of Node reads at most ${sizeText(LONGEST_JSON)}`,
      action: "Choose fewer --frames or a smaller --resolution, or read the record piece by piece",
    });
  }
  return findings;
}

/** Indices of a frame and of the one before it. What was before the first one does not matter to an estimate. */
function exchangeOfTwo(pixels: number): IndexExchange {
  let [before, now] = [new Uint8Array(pixels), new Uint8Array(pixels)];
  return {
    publish: (_frame, indices) => {
      [before, now] = [now, before];
      now.set(indices);
    },
    take: () => before,
    release: () => undefined,
  };
}
