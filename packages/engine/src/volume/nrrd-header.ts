/**
 * The text at the beginning of an NRRD file.
 * Format: http://teem.sourceforge.net/nrrd/format.html
 *
 * ```
 *   NRRD0004                    version 1 to 5
 *   # a comment
 *   type: unsigned short        field: description
 *   sizes: 256 256 124
 *   patient:=anonymous          key:=value, ignored
 *                               an empty line, then the data
 * ```
 */
import { EngineError } from "../errors.ts";
import { closest } from "../portable/closest.ts";

/** Fields by name, and where the data begin. */
export interface NrrdHeader {
  readonly fields: ReadonlyMap<string, string>;
  /** Offset of the first byte after the empty line. */
  readonly dataOffset: number;
}

const MOST_HEADER_BYTES = 2 ** 20;
const NEWLINE = 10;
const RETURN = 13;

/** Other spellings of field names. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["datafile", "data file"],
  ["lineskip", "line skip"],
  ["byteskip", "byte skip"],
  ["blocksize", "block size"],
  ["oldmin", "old min"],
  ["oldmax", "old max"],
  ["axismins", "axis mins"],
  ["axismaxs", "axis maxs"],
  ["centerings", "centers"],
  ["sampleunits", "sample units"],
]);

/** Every field of the format; those that do not matter for the samples and their spacing are read over. */
const FIELDS: ReadonlySet<string> = new Set([
  ...["dimension", "type", "block size", "encoding", "endian", "content", "min", "max", "old min", "old max"],
  ...["data file", "line skip", "byte skip", "number", "sample units", "sizes", "spacings", "thicknesses"],
  ...["axis mins", "axis maxs", "centers", "labels", "units", "kinds", "space", "space dimension", "space units"],
  ...["space origin", "space directions", "measurement frame"],
]);

/** Reads the header. Throws `invalid-input`, with the number of the line. */
export function readNrrdHeader(bytes: Uint8Array): NrrdHeader {
  const fields = new Map<string, string>();
  let at = 0;
  for (let number = 1; ; number++) {
    const line = lineAt(bytes, at);
    if (number === 1) checkMagic(line?.text ?? asText(bytes.subarray(0, 16)), line !== null);
    if (!line) {
      refuseNrrd(
        `the header does not end: ${Math.min(bytes.length, MOST_HEADER_BYTES)} bytes are read and no empty line came. ` +
          "The file is cut off, or it is a detached header.",
        { length: bytes.length },
      );
    }
    at = line.end;
    if (number === 1 || line.text.startsWith("#")) continue;
    if (line.text === "") return { fields, dataOffset: at };
    const keyAt = line.text.indexOf(":=");
    const fieldAt = line.text.indexOf(": ");
    if (!isPlain(line.text))
      refuseNrrd(`line ${number} of the header has a byte that is no ASCII character.`, { line: number });
    if (keyAt > 0 && (fieldAt < 0 || keyAt < fieldAt)) continue;
    if (fieldAt < 1) {
      refuseNrrd(`line ${number} is neither "field: description" nor "key:=value": "${line.text.slice(0, 60)}".`, {
        line: number,
      });
    }
    const given = line.text.slice(0, fieldAt).trim().toLowerCase();
    const name = ALIASES.get(given) ?? given;
    if (!FIELDS.has(name)) {
      const hint = closest(name, [...FIELDS]);
      refuseNrrd(`line ${number}: there is no field "${name.slice(0, 60)}".${hint ? ` Did you mean "${hint}"?` : ""}`, {
        line: number,
      });
    }
    if (fields.has(name)) refuseNrrd(`line ${number}: the field "${name}" is there a second time.`, { line: number });
    fields.set(name, line.text.slice(fieldAt + 2).trim());
  }
}

/** Offset after `count` more lines. */
export function skipLines(bytes: Uint8Array, from: number, count: number): number {
  let at = from;
  for (let i = 0; i < count; i++) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) {
      refuseNrrd(`line skip: ${count} lines are to be skipped, and the file has ${i}.`, { lines: count, found: i });
    }
    at = end + 1;
  }
  return at;
}

export function refuseNrrd(what: string, data: Readonly<Record<string, unknown>> = {}): never {
  throw new EngineError("invalid-input", `nrrd: ${what}`, data);
}

function checkMagic(line: string, isWhole: boolean): void {
  if (isWhole ? /^NRRD000[1-5]$/.test(line) : line.startsWith("NRRD000")) return;
  const shown = line.slice(0, 16).replaceAll(/[^ -~]/g, "?");
  refuseNrrd(`the first line must be NRRD0001 to NRRD0005, got "${shown}". This is another kind of file.`);
}

/** The line that begins at an offset, without its end (LF or CR LF); null where it does not end. */
function lineAt(bytes: Uint8Array, from: number): { text: string; end: number } | null {
  const newline = bytes.subarray(0, MOST_HEADER_BYTES).indexOf(NEWLINE, from);
  if (newline < 0) return null;
  const end = newline > from && bytes[newline - 1] === RETURN ? newline - 1 : newline;
  return { text: asText(bytes.subarray(from, end)), end: newline + 1 };
}

function asText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 9) || code > 126) return false;
  }
  return true;
}
