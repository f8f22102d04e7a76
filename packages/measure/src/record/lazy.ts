/**
 * Reading and checking records, with the schema library loaded at the first call and not before: it takes longer to load
 * than some frames take to make.
 */
import { withoutGif } from "./build.ts";
import type { RunRecord } from "./schema.ts";
import type { ReadResult, Validation } from "./validate.ts";

/**
 * Checks a record that is about to be written against its schema. The reason is one sentence with the path. A GIF that lies
 * elsewhere is not read: its text is right by the way it is made.
 */
export async function validateRecord(record: unknown): Promise<Validation> {
  return (await import("./validate.ts")).validate(withoutGif(record as RunRecord));
}

/**
 * Reads a record from JSON text or a parsed object: one of this system, this version or an earlier one, or one of another
 * program of this kind. Never throws. The object that was given comes back, unknown keys and all.
 */
export async function readRecord(input: unknown): Promise<ReadResult> {
  return (await import("./validate.ts")).read(input);
}

/** The published JSON Schema of a record (draft 2020-12). */
export async function recordJsonSchema(): Promise<Record<string, unknown>> {
  return (await import("./schema.ts")).recordJsonSchema();
}
