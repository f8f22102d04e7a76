/**
 * NRRD files with their data attached: three axes of numbers, raw or compressed with gzip.
 * Format: http://teem.sourceforge.net/nrrd/format.html
 *
 * The axes are taken as they are stored, the first one fastest. How the box lies in the patient's space is not looked at,
 * only how far samples are from each other.
 */
import { EngineError } from "../errors.ts";
import { type NrrdHeader, readNrrdHeader, refuseNrrd, skipLines } from "./nrrd-header.ts";
import { SAMPLE_BYTES, type SampleType, samplesFromBytes } from "./raw.ts";
import { checkDimensions, checkSpacing, type Triple, type Volume } from "./volume.ts";

/** Undoes gzip; throws where the bytes are no gzip or make more than `mostBytes`. */
export type Inflate = (bytes: Uint8Array, mostBytes: number) => Uint8Array;

export interface NrrdOptions {
  /** Needed for files with gzip encoding. */
  readonly inflate?: Inflate;
}

/** The largest skip that is followed; larger ones are taken for a mistake. */
const MOST_SKIP = 2 ** 31;

const TYPES: ReadonlyMap<string, SampleType> = new Map([
  ...names("int8", "signed char", "int8", "int8_t"),
  ...names("uint8", "uchar", "unsigned char", "uint8", "uint8_t"),
  ...names("int16", "short", "short int", "signed short", "signed short int", "int16", "int16_t"),
  ...names("uint16", "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
  ...names("int32", "int", "signed int", "int32", "int32_t"),
  ...names("uint32", "uint", "unsigned int", "uint32", "uint32_t"),
  ...names("float32", "float"),
  ...names("float64", "double"),
]);

/**
 * A volume from the bytes of an NRRD file.
 *
 * Unsigned samples of 8 and 16 bits and floats stay what they are; other numbers become floats (those of 32 bits and
 * doubles are rounded). Spacing comes from `spacings`, or from the length of `space directions`; 1 without either.
 * Throws `invalid-input` for everything else: detached data, other encodings, other than three axes, missing or repeated
 * fields, and data of which there are more or fewer than the sizes say, both numbers named.
 */
export function readNrrd(bytes: Uint8Array, options: NrrdOptions = {}): Volume {
  const header = readNrrdHeader(bytes);
  const { fields } = header;
  if (fields.has("data file")) {
    refuseNrrd("the data are in another file, and only attached data can be read. Join header and data into one file.");
  }
  const dimension = fieldOf(fields, "dimension");
  if (dimension !== "3")
    refuseNrrd(`the dimension must be 3, got ${shorten(dimension)}. Give one component of a volume.`);
  const given = fieldOf(fields, "type");
  const type = TYPES.get(given.toLowerCase().replaceAll(/\s+/g, " "));
  if (type === undefined)
    refuseNrrd(`the type "${shorten(given)}" cannot be read. Convert it to float.`, { type: given });
  const dimensions = numbersOf(fieldOf(fields, "sizes"), "sizes", /^\d{1,9}$/);
  checkDimensions(dimensions);
  const spacing = spacingOf(fields);
  checkSpacing(spacing);
  const encoding = encodingOf(fields);
  const endian = fields.get("endian")?.toLowerCase();
  if (SAMPLE_BYTES[type] > 1 && endian !== "little" && endian !== "big") {
    refuseNrrd(
      `endian must be little or big for samples of ${SAMPLE_BYTES[type]} bytes, got ${shorten(endian ?? "none")}.`,
    );
  }
  const expected = dimensions[0] * dimensions[1] * dimensions[2] * SAMPLE_BYTES[type];
  const data = dataOf(bytes, header, encoding, expected, options);
  if (data.length !== expected) {
    refuseNrrd(
      `${dimensions.join(" × ")} samples of ${type} are ${expected} bytes, and the file has ${data.length}. ` +
        "It is cut off, or its header belongs to another file.",
      { expected, length: data.length },
    );
  }
  return { samples: samplesFromBytes(data, type, endian !== "big"), dimensions, spacing };
}

/** Text has no byte order: an encoding that can't be read is told before an endian that it does not need. */
function encodingOf(fields: ReadonlyMap<string, string>): "raw" | "gzip" {
  const encoding = fieldOf(fields, "encoding").toLowerCase();
  if (encoding === "raw") return "raw";
  if (encoding === "gzip" || encoding === "gz") return "gzip";
  return refuseNrrd(`the encoding "${shorten(encoding)}" cannot be read, only raw and gzip. Convert it to raw.`, {
    encoding,
  });
}

function dataOf(
  bytes: Uint8Array,
  { fields, dataOffset }: NrrdHeader,
  encoding: "raw" | "gzip",
  expected: number,
  { inflate }: NrrdOptions,
) {
  const lines = skipOf(fields, "line skip", 0);
  const skip = skipOf(fields, "byte skip", -1);
  const start = skipLines(bytes, dataOffset, lines);
  if (encoding === "raw") {
    // −1: the data are the last bytes of the file, whatever comes before.
    const from = skip < 0 ? Math.max(start, bytes.length - expected) : start + skip;
    return bytes.subarray(Math.min(from, bytes.length));
  }
  if (skip < 0) refuseNrrd("a byte skip of −1 goes with raw encoding only, got gzip.");
  if (!inflate) refuseNrrd("the data are compressed with gzip, and no way to undo it was given. Convert it to raw.");
  let data: Uint8Array;
  try {
    data = inflate(bytes.subarray(start), expected + skip);
  } catch (cause) {
    throw new EngineError(
      "invalid-input",
      `nrrd: the compressed data cannot be undone to ${expected + skip} bytes. The file is cut off or damaged.`,
      { expected: expected + skip },
      cause,
    );
  }
  return data.subarray(Math.min(skip, data.length));
}

function spacingOf(fields: ReadonlyMap<string, string>): Triple {
  const spacings = fields.get("spacings");
  const directions = fields.get("space directions");
  if (spacings !== undefined) {
    const values = numbersOf(spacings, "spacings", /^([-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?|nan)$/i);
    // Unknown along every axis: then nothing is known but the order of the samples.
    return values.every((v) => Number.isNaN(v)) ? [1, 1, 1] : values;
  }
  if (directions === undefined) return [1, 1, 1];
  const vectors = [...directions.matchAll(/\(([^()]*)\)/g)].map(([, inner]) => inner.split(",").map(numberOf));
  const rest = directions.replaceAll(/\([^()]*\)/g, "").trim();
  const lengths = vectors.map((v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0)));
  if (vectors.length !== 3 || rest !== "" || !lengths.every((l) => Number.isFinite(l))) {
    refuseNrrd(`space directions must be three vectors of numbers, got "${shorten(directions)}".`);
  }
  return [lengths[0], lengths[1], lengths[2]];
}

function fieldOf(fields: ReadonlyMap<string, string>, name: string): string {
  return fields.get(name) ?? refuseNrrd(`the header has no field "${name}". Give one.`, { field: name });
}

function numbersOf(text: string, name: string, form: RegExp): Triple {
  const words = text.split(/\s+/);
  if (words.length !== 3 || !words.every((word) => form.test(word))) {
    refuseNrrd(`${name} must be three numbers, got "${shorten(text)}".`, { field: name });
  }
  const [x, y, z] = words.map(numberOf);
  return [x, y, z];
}

function numberOf(word: string): number {
  return word.trim() === "" ? Number.NaN : Number(word);
}

function skipOf(fields: ReadonlyMap<string, string>, name: string, least: number): number {
  const text = fields.get(name) ?? "0";
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value < MOST_SKIP) return value;
  refuseNrrd(`${name} must be a whole number from ${least} to ${MOST_SKIP - 1}, got ${shorten(text)}.`, {
    field: name,
  });
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function names(type: SampleType, ...all: readonly string[]): [string, SampleType][] {
  return all.map((name) => [name, type]);
}
