/** A volume from elsewhere in the place of a scene's root: what it is, what it is called, how it becomes a field. */
import type { SceneField } from "../field/index.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { createVolumeField } from "./field.ts";
import { volumeHash } from "./hash.ts";
import type { VmProgram } from "./vm.ts";
import { createVmField } from "./vm-field.ts";
import type { Volume, VolumeOptions } from "./volume.ts";

/** Samples with their level, or an expression. Plain data: it may be posted to a worker. */
export type VolumeStandIn =
  | { readonly kind: "samples"; readonly volume: Volume; readonly options: VolumeOptions }
  /** `hash`: SHA-256 of the text, 64 hexadecimal digits. */
  | { readonly kind: "expression"; readonly program: VmProgram; readonly hash: string };

/** A field that is the same at all times; one a lane. */
export function createStandInField(kernels: Kernels, source: VolumeStandIn): SceneField {
  return source.kind === "samples"
    ? createVolumeField(kernels, source.volume, source.options)
    : createVmField(kernels, source.program);
}

/** What a source is, without its samples: for hashes and records. Equal descriptions draw equal surfaces. */
export function describeStandIn(source: VolumeStandIn): Readonly<Record<string, unknown>> {
  if (source.kind === "expression") return { kind: source.kind, hash: source.hash };
  const { volume, options } = source;
  const { dimensions, spacing } = volume;
  return { kind: source.kind, dimensions, spacing, ...options, hash: volumeHash(volume, options) };
}
