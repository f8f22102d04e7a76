/** Volumes from elsewhere: grids of samples and expression files, drawn like a scene. */
export {
  createVolumeWorkspace,
  extractVolume,
  extractVolumeInto,
  extractVolumeSlab,
  joinSlabs,
  type MeshTarget,
  type VolumeMeshOptions,
  type VolumeSlab,
  type VolumeWorkspace,
  volumeLayerCount,
  writeSlab,
} from "./extract.ts";
export { createVolumeField, fieldFromVolume, type VolumeField } from "./field.ts";
export { volumeHash } from "./hash.ts";
export { type Inflate, type NrrdOptions, readNrrd } from "./nrrd.ts";
export { RAW_VOLUME_DEFAULTS, type RawVolumeOptions, readRawVolume } from "./raw.ts";
export { createStandInField, describeStandIn, type VolumeStandIn } from "./stand-in.ts";
export { readVm, type VmProgram } from "./vm.ts";
export { createVmField, fieldFromVm } from "./vm-field.ts";
export {
  replaceNonFinite,
  type Triple,
  VOLUME_DEFAULTS,
  VOLUME_LIMITS,
  type Volume,
  type VolumeOptions,
  type VolumeSamples,
  type VolumeWarning,
} from "./volume.ts";
