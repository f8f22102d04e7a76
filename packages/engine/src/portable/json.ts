/**
 * JSON with one spelling for one value, to be hashed: keys sorted by UTF-16 code units, no white space, numbers as
 * JavaScript prints them, as in RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785).
 */
import { EngineError } from "../errors.ts";

const MOST_DEPTH = 512;

/**
 * The canonical JSON text of a value.
 * Properties whose value is undefined are left out; −0 is written 0.
 * Throws `invalid-input` for what JSON cannot say: NaN, infinities, functions, symbols, bigints, objects that are not
 * plain, and nesting deeper than 512 (a value that holds itself, for one).
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$", 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > MOST_DEPTH) throw refuse(path, `nests deeper than ${MOST_DEPTH}`);
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refuse(path, `is ${value}, which JSON has no number for`);
    return String(value + 0);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, i) => write(item, `${path}[${i}]`, depth + 1)).join(",")}]`;
  }
  if (typeof value !== "object") throw refuse(path, `is of type ${typeof value}, which JSON has no word for`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(path, "is not a plain object");
  const record = value as Record<string, unknown>;
  const members: string[] = [];
  for (const key of Object.keys(record).sort()) {
    if (record[key] === undefined) continue;
    members.push(`${JSON.stringify(key)}:${write(record[key], `${path}.${key}`, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

function refuse(path: string, what: string): EngineError {
  return new EngineError("invalid-input", `write JSON: ${path.slice(0, 200)} ${what}. Give plain data.`, { path });
}
