/**
 * A record as JSON text.
 *
 * The same text that `JSON.stringify` gives, but arrays of numbers stay on one line when it is indented, and it can be had
 * in pieces: the bytes of a GIF as integers take four characters each, and a string has an upper length. A record whose GIF
 * lies elsewhere (see `RunFacts.gif`) is written without ever being whole in memory.
 */
import { gifSourceOf } from "./build.ts";
import { base64Pieces, integerPieces } from "./bytes.ts";
import type { RunRecord } from "./schema.ts";

export interface RecordTextOptions {
  /** Spaces a level; 0, the default, puts everything on one line. */
  readonly indent?: number;
}

/** Numbers for one piece of text. */
const PIECE = 65_536;

/** The record as one string. Throws `RangeError` above the engine's longest string; `recordPieces` has no such limit. */
export function recordText(record: RunRecord, options: RecordTextOptions = {}): string {
  return [...recordPieces(record, options)].join("");
}

/** The same text in pieces, to be written one after the other. */
export function* recordPieces(record: RunRecord, { indent = 0 }: RecordTextOptions = {}): Generator<string> {
  const open = indent > 0 ? `\n${" ".repeat(indent)}` : "";
  let separator = `{${open}`;
  const gif = gifSourceOf(record);
  for (const key of Object.keys(record) as (keyof RunRecord)[]) {
    const name = `${separator}${JSON.stringify(key)}:${indent > 0 ? " " : ""}`;
    if (gif && (key === "gif_data" || key === "gif_bytestream")) {
      const [begin, pieces, end] = key === "gif_data" ? ['"', base64Pieces(gif), '"'] : ["[", integerPieces(gif), "]"];
      yield name + begin;
      yield* pieces;
      yield end;
      separator = `,${open}`;
      continue;
    }
    const value = record[key];
    if (value === undefined) continue;
    yield name;
    separator = `,${open}`;
    if (Array.isArray(value) && value.length > PIECE) yield* numberPieces(value);
    else yield indent > 0 ? indented(value, indent, open) : JSON.stringify(value);
  }
  yield indent > 0 ? "\n}" : "}";
}

function* numberPieces(values: readonly number[]): Generator<string> {
  yield "[";
  for (let from = 0; from < values.length; from += PIECE) {
    yield `${from > 0 ? "," : ""}${JSON.stringify(values.slice(from, from + PIECE)).slice(1, -1)}`;
  }
  yield "]";
}

function indented(value: unknown, indent: number, open: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = open + " ".repeat(indent);
  if (Array.isArray(value)) {
    if (value.length === 0 || value.every((entry) => typeof entry !== "object" || entry === null))
      return JSON.stringify(value);
    return `[${value.map((entry) => deeper + indented(entry ?? null, indent, deeper)).join(",")}${open}]`;
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return "{}";
  return `{${entries.map(([key, entry]) => `${deeper}${JSON.stringify(key)}: ${indented(entry, indent, deeper)}`).join(",")}${open}}`;
}
