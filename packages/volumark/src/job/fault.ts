/**
 * Faults on purpose, for the tests, through the environment variable VOLUMARK_FAULT:
 *
 * | value          | what happens |
 * |----------------|--------------|
 * | `field@7`      | the field stage of frame 7 throws; so do `surface`, `picture`, `convert`, `encode` |
 * | `lane@15`      | the lane that starts frame 15 dies |
 * | `disk@gif`     | the disk is full after the first bytes of the GIF |
 * | `disk@record`  | the disk is full after the first bytes of the record |
 * | `slow@50`      | each lane sleeps 50 ms before each frame, so that a signal arrives in the middle of a run |
 */
import type { Stage } from "@volumark/engine";

export type Fault =
  | { readonly kind: "frame"; readonly at: Stage | "lane"; readonly frame: number }
  | { readonly kind: "disk"; readonly file: "gif" | "record" }
  | { readonly kind: "slow"; readonly delayMs: number };

/** Reads the value of VOLUMARK_FAULT; null where it is unset or empty, undefined where it means nothing. */
export function readFault(value: string | undefined): Fault | null | undefined {
  if (!value) return null;
  const [, name = "", where = ""] = /^([a-z]+)@(\w+)$/.exec(value) ?? [];
  if (name === "disk") return where === "gif" || where === "record" ? { kind: "disk", file: where } : undefined;
  if (!/^\d{1,6}$/.test(where)) return undefined;
  if (name === "slow") return { kind: "slow", delayMs: Number(where) };
  const at = FRAME_FAULTS.find((one) => one === name);
  return at && { kind: "frame", at, frame: Number(where) };
}

const FRAME_FAULTS = ["field", "surface", "picture", "convert", "encode", "lane"] as const satisfies readonly (
  | Stage
  | "lane"
)[];
