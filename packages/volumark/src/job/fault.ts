/**
 * Faults on purpose, for the tests, through the environment variable VOLUMARK_FAULT:
 *
 * | value          | what happens |
 * |----------------|--------------|
 * | `field@7`      | the field stage of frame 7 throws; so do `surface`, `picture`, `convert`, `encode` |
 * | `lane@15`      | the lane that starts frame 15 dies |
 * | `gc@15`        | garbage is collected in the middle of frame 15 |
 * | `disk@gif`     | the disk is full after the first bytes of the GIF |
 * | `disk@record`  | the disk is full after the first bytes of the record |
 * | `disk@50000`   | the disk is full after 50 000 bytes of the GIF |
 * | `slow@50`      | each lane sleeps 50 ms before each frame, so that a signal arrives in the middle of a run |
 * | `drag-picture@5` | the picture stage takes 5 % longer, 0.01 to 1000, in busy work; the bytes stay the same. In `compare`, of b only |
 */
import type { Stage } from "@volumark/engine";

export type Fault =
  | { readonly kind: "frame"; readonly at: Stage | "lane" | "gc"; readonly frame: number }
  | { readonly kind: "disk"; readonly file: "gif" | "record"; readonly afterBytes: number }
  | { readonly kind: "slow"; readonly delayMs: number }
  | { readonly kind: "drag"; readonly stage: Stage; readonly share: number };

/** Reads the value of VOLUMARK_FAULT; null where it is unset or empty, undefined where it means nothing. */
export function readFault(value: string | undefined): Fault | null | undefined {
  if (!value) return null;
  const [, dragged, percent] = /^drag-([a-z]+)@(\d{1,4}(?:\.\d{1,2})?)$/.exec(value) ?? [];
  if (dragged !== undefined) {
    const stage = STAGE_FAULTS.find((one) => one === dragged);
    const share = Number(percent) / 100;
    return stage && share > 0 && share <= 10 ? { kind: "drag", stage, share } : undefined;
  }
  const [, name = "", where = ""] = /^([a-z]+)@(\w+)$/.exec(value) ?? [];
  if (name === "disk" && /^\d{1,9}$/.test(where)) return { kind: "disk", file: "gif", afterBytes: Number(where) };
  if (name === "disk") {
    return where === "gif" || where === "record" ? { kind: "disk", file: where, afterBytes: FIRST_BYTES } : undefined;
  }
  if (!/^\d{1,6}$/.test(where)) return undefined;
  if (name === "slow") return { kind: "slow", delayMs: Number(where) };
  const at = FRAME_FAULTS.find((one) => one === name);
  return at && { kind: "frame", at, frame: Number(where) };
}

/** Before the end of any GIF, which has a header of more. */
const FIRST_BYTES = 10;

const STAGE_FAULTS = ["field", "surface", "picture", "convert", "encode"] as const satisfies readonly Stage[];
const FRAME_FAULTS = [...STAGE_FAULTS, "lane", "gc"] as const;
