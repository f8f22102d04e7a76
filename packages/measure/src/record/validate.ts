/**
 * Checks records before they are written and after they are read.
 *
 * Loads zod, so it is imported lazily (`index.ts`). What comes back is the object that was given, not a copy: nothing is
 * converted, and keys that the schema does not name stay as they were.
 */
import type * as z from "zod";
import { issueText } from "./issue-text.ts";
import { type ForeignRecord, foreignRecordSchema, RECORD_SCHEMA, type RunRecord, recordSchema } from "./schema.ts";

export type Validation =
  | { readonly valid: true }
  /** `reason` is a sentence; `path` is where in the record, for example `run.frames.wallNs`. */
  | { readonly valid: false; readonly path: string; readonly reason: string };

export type ReadResult =
  | { readonly status: "record"; readonly record: RunRecord }
  /** A record of another program of this kind: no `schema`, nothing known about its `run`. */
  | { readonly status: "foreign"; readonly record: ForeignRecord }
  | { readonly status: "unreadable"; readonly code: UnreadableCode; readonly path: string; readonly reason: string };

export type UnreadableCode = "not-json" | "not-an-object" | "wrong-type" | "newer-schema" | "hostile" | "invalid";

const SCHEMA_NAME = /^volumark\.record\/([1-9]\d{0,8})$/;
const NEWEST = Number(RECORD_SCHEMA.slice(RECORD_SCHEMA.indexOf("/") + 1));

/** Deeper than any scene or record that this system writes. */
const DEEPEST = 200;

/** Checks a record that is about to be written: the schema, and that no number anywhere is NaN, infinite or −0. */
export function validate(record: unknown): Validation {
  const unfit = findUnfit(record, { minusZero: true });
  if (unfit) return { valid: false, path: unfit.path, reason: `check record: ${unfit.path || "it"} ${unfit.what}.` };
  const result = recordSchema.safeParse(record);
  if (!result.success) return { valid: false, ...firstIssue("check record", result.error, record) };
  const uneven = findUneven(record as RunRecord);
  return uneven ? { valid: false, ...uneven } : { valid: true };
}

/** Reads a record, its own or another program's. Never throws; says in one sentence why something is not a record. */
export function read(input: unknown): ReadResult {
  let value = input;
  if (typeof input === "string") {
    try {
      value = JSON.parse(input);
    } catch (error) {
      return unreadable("not-json", "", notJson(input, error));
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const what = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
    return unreadable("not-an-object", "", `read record: it is ${what}, not an object. Give the file of one run.`);
  }
  const { type, schema } = value as Record<string, unknown>;
  if (type !== "gif_animation") {
    return unreadable(
      "wrong-type",
      "type",
      `read record: type is ${show(type)}, not "gif_animation". Give the file of a run.`,
    );
  }
  const own = schema !== undefined;
  if (own) {
    const version = typeof schema === "string" ? SCHEMA_NAME.exec(schema)?.[1] : undefined;
    if (version === undefined) {
      return unreadable(
        "wrong-type",
        "schema",
        `read record: schema is ${show(schema)}, not "${RECORD_SCHEMA}". Give the file of a run.`,
      );
    }
    if (Number(version) > NEWEST) {
      return unreadable(
        "newer-schema",
        "schema",
        `read record: schema is ${show(schema)}, and this version reads up to "${RECORD_SCHEMA}". Use a newer version to read it.`,
      );
    }
  }
  const unfit = findUnfit(value, { minusZero: own });
  if (unfit)
    return unreadable(
      "hostile",
      unfit.path,
      `read record: ${unfit.path || "it"} ${unfit.what}. Do not trust this file.`,
    );
  const result = (own ? recordSchema : foreignRecordSchema).safeParse(value);
  if (!result.success) {
    const { path, reason } = firstIssue("read record", result.error, value);
    return unreadable("invalid", path, reason);
  }
  if (!own) return { status: "foreign", record: value as ForeignRecord };
  const uneven = findUneven(value as RunRecord);
  if (uneven) return unreadable("invalid", uneven.path, uneven.reason.replace(/^check/, "read"));
  return { status: "record", record: value as RunRecord };
}

function unreadable(code: UnreadableCode, path: string, reason: string): ReadResult {
  return { status: "unreadable", code, path, reason };
}

function notJson(text: string, error: unknown): string {
  const trimmed = text.trim();
  if (trimmed === "") return "read record: the text is empty. Give the file of a run.";
  if (/[:[,]\s*(NaN|-?Infinity)\b/.test(trimmed)) {
    return "read record: it holds NaN or Infinity, which JSON does not have. Ask the program that wrote it for finite numbers.";
  }
  if (trimmed.startsWith("{") && !trimmed.endsWith("}")) {
    return `read record: the text ends in the middle, after ${text.length} characters. The file is cut off; make it again.`;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return `read record: it is not JSON (${short(detail)}). Give the file of a run.`;
}

function firstIssue(verb: string, error: z.ZodError, checked: unknown): { path: string; reason: string } {
  const found = issueText(error, checked);
  const path = found.path.map(String).join(".");
  const others = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : "";
  return { path, reason: `${verb}: ${path || "the record"} ${short(found.text)}${others}.` };
}

/** Arrays that stand beside one another have one entry a frame. */
function findUneven(record: RunRecord): { path: string; reason: string } | null {
  const { frames, counts, pictureHashes, sensors } = record.run;
  const data = record.benchmark_data;
  const frameCount = frames.frame.length;
  const columns: [string, number][] = [
    ...entries("run.frames", frames),
    ...entries("run.counts", counts),
    ["run.pictureHashes", pictureHashes.length],
    ["benchmark_data.individual_frame_times", data.individual_frame_times.length],
    ["benchmark_data.field_generation_times", data.field_generation_times.length],
    ["benchmark_data.marching_cubes_times", data.marching_cubes_times.length],
    ["benchmark_data.rendering_times", data.rendering_times.length],
  ];
  for (const [path, length] of columns) {
    if (length !== frameCount) {
      return { path, reason: `check record: ${path} has ${length} entries, and run.frames.frame has ${frameCount}.` };
    }
  }
  for (const [i, { tNs, v }] of sensors.entries()) {
    if (tNs.length !== v.length) {
      return {
        path: `run.sensors.${i}`,
        reason: `check record: run.sensors.${i} has ${tNs.length} times and ${v.length} values.`,
      };
    }
  }
  if (record.gif_bytestream.length !== record.file_size_bytes) {
    return {
      path: "gif_bytestream",
      reason: `check record: gif_bytestream has ${record.gif_bytestream.length} entries, and file_size_bytes is ${record.file_size_bytes}.`,
    };
  }
  return null;
}

function entries(prefix: string, columns: object): [string, number][] {
  return Object.entries(columns)
    .filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
    .map(([name, values]) => [`${prefix}.${name}`, values.length]);
}

/**
 * Finds what no schema line can see, because it may sit under a key that no schema names: a number that JSON cannot carry
 * back, a key that would reach an object's prototype, nesting meant to exhaust a reader.
 */
function findUnfit(root: unknown, { minusZero }: { minusZero: boolean }): { path: string; what: string } | null {
  const stack: { value: unknown; path: string; depth: number }[] = [{ value: root, path: "", depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, path, depth } = next;
    if (typeof value === "number") {
      const what = numberFault(value, minusZero);
      if (what) return { path, what };
    } else if (typeof value === "object" && value !== null) {
      if (depth > DEEPEST) return { path: short(path), what: `is nested deeper than ${DEEPEST} levels` };
      if (Array.isArray(value)) {
        for (let i = 0; i < value.length; i++) {
          const entry = value[i];
          if (typeof entry === "number") {
            const what = numberFault(entry, minusZero);
            if (what) return { path: `${path}.${i}`, what };
          } else {
            stack.push({ value: entry, path: `${path}.${i}`, depth: depth + 1 });
          }
        }
      } else {
        for (const key of Object.keys(value)) {
          if (key === "__proto__") return { path, what: 'holds a key named "__proto__"' };
          const entry = (value as Record<string, unknown>)[key];
          if (entry !== null && (typeof entry === "object" || typeof entry === "number")) {
            stack.push({ value: entry, path: path ? `${path}.${key}` : key, depth: depth + 1 });
          }
        }
      }
    }
  }
  return null;
}

function numberFault(value: number, minusZero: boolean): string | null {
  if (!Number.isFinite(value)) return `is ${value}, and a record holds only finite numbers`;
  return minusZero && value === 0 && Object.is(value, -0) ? "is -0, and a record holds 0 instead" : null;
}

function show(value: unknown): string {
  return value === undefined ? "missing" : short(JSON.stringify(value) ?? String(value));
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
