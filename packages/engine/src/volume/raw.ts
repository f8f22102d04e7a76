/** Raw samples: bytes without a header, whose kind and sides are known from elsewhere. */
import { EngineError } from "../errors.ts";
import { checkDimensions, checkSpacing, type Triple, type Volume, type VolumeSamples } from "./volume.ts";

/** Numbers that a file may hold. */
export type SampleType = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64";

export const SAMPLE_BYTES: Readonly<Record<SampleType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  float64: 8,
};

export interface RawVolumeOptions {
  readonly type: "float32" | "uint8" | "uint16";
  /** Samples along x (fastest), y and z: 2 to 2048 each. */
  readonly dimensions: Triple;
  /** Distance of samples along x, y and z. Default 1 each. */
  readonly spacing?: Triple;
  /** Order of the bytes of a sample. Default `"little"`. */
  readonly endian?: "little" | "big";
}

export const RAW_VOLUME_DEFAULTS = { spacing: [1, 1, 1], endian: "little" } as const;

/**
 * A volume of raw samples. The bytes are not copied where they can be used as they are.
 * Throws `invalid-input` where their number is not exactly that of the samples, both numbers named.
 */
export function readRawVolume(bytes: Uint8Array, options: RawVolumeOptions): Volume {
  const { type, dimensions, spacing, endian } = { ...RAW_VOLUME_DEFAULTS, ...options };
  checkDimensions(dimensions);
  checkSpacing(spacing);
  const expected = dimensions[0] * dimensions[1] * dimensions[2] * SAMPLE_BYTES[type];
  if (bytes.length !== expected) {
    throw new EngineError(
      "invalid-input",
      `raw volume: ${dimensions.join(" × ")} samples of ${type} are ${expected} bytes, got ${bytes.length}. ` +
        "Give the dimensions and the type that the file was written with.",
      { expected, length: bytes.length },
    );
  }
  return { samples: samplesFromBytes(bytes, type, endian === "little"), dimensions, spacing };
}

/** uint8, uint16 and float32 stay what they are; the others become float32, rounded where they do not fit. */
export function samplesFromBytes(bytes: Uint8Array, type: SampleType, isLittle: boolean): VolumeSamples {
  const { buffer, byteOffset } = bytes;
  const size = SAMPLE_BYTES[type];
  const count = bytes.length / size;
  if (type === "uint8") return bytes;
  const asIs = isLittle === isLittleHost() && byteOffset % size === 0;
  if (asIs && type === "uint16") return new Uint16Array(buffer, byteOffset, count);
  if (asIs && type === "float32") return new Float32Array(buffer, byteOffset, count);
  const view = new DataView(buffer, byteOffset, bytes.length);
  const read = READERS[type];
  const samples = type === "uint16" ? new Uint16Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) samples[i] = read(view, i * size, isLittle);
  return samples;
}

const READERS: Readonly<Record<SampleType, (view: DataView, at: number, isLittle: boolean) => number>> = {
  uint8: (view, at) => view.getUint8(at),
  int8: (view, at) => view.getInt8(at),
  uint16: (view, at, isLittle) => view.getUint16(at, isLittle),
  int16: (view, at, isLittle) => view.getInt16(at, isLittle),
  uint32: (view, at, isLittle) => view.getUint32(at, isLittle),
  int32: (view, at, isLittle) => view.getInt32(at, isLittle),
  float32: (view, at, isLittle) => view.getFloat32(at, isLittle),
  float64: (view, at, isLittle) => view.getFloat64(at, isLittle),
};

function isLittleHost(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
