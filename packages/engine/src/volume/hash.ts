/**
 * The identity of a volume: equal when its surface is, for as far as the samples decide.
 *
 * SHA-256 over a line of text that says kind, sides, spacing, level, side and border, followed by one XXH3 for each MiB of
 * sample bytes. XXH3 is no cryptographic hash: it tells files apart that were not made to collide, at the speed of memory.
 */
import { Kernels } from "../kernels/kernels.ts";
import { sha256Hex } from "../portable/sha256.ts";
import { xxh3 } from "../portable/xxh3.ts";
import { checkVolume, type Volume, type VolumeOptions } from "./volume.ts";

const BLOCK_BYTES = 2 ** 20;

/** 64 hexadecimal digits. Throws `invalid-input` where `checkVolume` does. */
export function volumeHash(volume: Volume, options: VolumeOptions, kernels: Kernels = new Kernels()): string {
  const { level, inside, border } = checkVolume(volume, options);
  const { samples, dimensions, spacing } = volume;
  const kind = samples instanceof Float32Array ? "float32" : samples instanceof Uint8Array ? "uint8" : "uint16";
  // Only the proportions of the spacing matter.
  const proportions = spacing.map((s) => s / spacing[0]);
  const parts = [`volume 2 ${kind} ${dimensions.join(" ")} ${proportions.join(" ")} ${level} ${inside} ${border}`];
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    parts.push(xxh3(kernels, bytes.subarray(at, at + BLOCK_BYTES), 0n));
  }
  return sha256Hex(new TextEncoder().encode(parts.join("\n")));
}
