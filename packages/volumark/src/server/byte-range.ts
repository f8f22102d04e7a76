/**
 * Which bytes a request wants, RFC 9110: section 14.2 (Range), 13.1.5 (If-Range), 13.1.2 (If-None-Match).
 *
 * What can't be read, another unit and several ranges at once are answered with the whole, as section 14.2 allows.
 */

/** `to` is not included. */
export type ByteRange =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly from: number; readonly to: number }
  | { readonly kind: "outside" };

const WHOLE: ByteRange = { kind: "whole" };

/** `length` is that of the whole, `etag` its strong one; `ifRange` a tag or a date. */
export function byteRange(
  range: string | undefined,
  length: number,
  { ifRange, etag }: { readonly ifRange?: string | undefined; readonly etag?: string } = {},
): ByteRange {
  const [, first = "", last = ""] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(range ?? "") ?? [];
  if (first === "" && last === "") return WHOLE;
  // Dates are not kept, so that none can be the same.
  if (ifRange !== undefined && ifRange !== etag) return WHOLE;
  if (first === "") {
    const count = Math.min(Number(last), length);
    return count > 0 ? { kind: "part", from: length - count, to: length } : { kind: "outside" };
  }
  const from = Number(first);
  const to = last === "" ? length : Math.min(length, Number(last) + 1);
  if (last !== "" && Number(last) < from) return WHOLE;
  return from < length ? { kind: "part", from, to } : { kind: "outside" };
}

/** Whether the client has it already: tags are compared weakly. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const bare = etag.replace(/^W\//, "");
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g)].some(([, tag]) => tag === bare);
}
