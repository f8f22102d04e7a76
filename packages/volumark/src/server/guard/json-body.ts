/**
 * Bodies: JSON and nothing else, not too deep, and no key that reaches a prototype.
 *
 * Depth is counted before anything is parsed: readers and schemas call themselves for each level.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ProblemError } from "../answer-problem.ts";

/** A scene has at most 64 nodes below each other, each an object in a list; records have fewer levels. */
export const MOST_JSON_DEPTH = 256;

const JSON_TYPE = /^application\/json *(; *charset *= *"?utf-8"? *)?$/i;

/** Replaces what fastify reads by itself: text of any kind, and JSON of any depth. */
export function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text: string, done) => {
    const found = jsonDepth(text, MOST_JSON_DEPTH);
    if (found > MOST_JSON_DEPTH) {
      return done(
        new ProblemError(
          "invalid-request",
          `The body is nested more than ${MOST_JSON_DEPTH} levels deep, which is the most. Make it flatter.`,
          { field: "body", data: { most: MOST_JSON_DEPTH } },
        ),
      );
    }
    parse(request, text, done);
  });
}

/**
 * Throws `unsupported-media-type` for a body that is no JSON by its header, which a form of another page can't send, and for
 * one that is compressed: nothing here unpacks, so that no body is larger than it was sent.
 */
export function checkContentType(request: FastifyRequest): void {
  const { "content-length": length, "transfer-encoding": coding, "content-type": type } = request.headers;
  const hasBody = coding !== undefined || (length !== undefined && Number(length) !== 0);
  if (!hasBody) return;
  const packed = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (packed !== "identity" && packed !== "") {
    throw new ProblemError(
      "unsupported-media-type",
      "The body is compressed. Send it as it is, without Content-Encoding.",
      {
        field: "headers.content-encoding",
        data: { contentEncoding: packed.slice(0, 200) },
      },
    );
  }
  if (type !== undefined && JSON_TYPE.test(type)) return;
  throw new ProblemError("unsupported-media-type", "Send the body as application/json, in UTF-8.", {
    field: "headers.content-type",
    data: { contentType: type?.slice(0, 200) ?? null },
  });
}

/** Levels of lists and objects; stops at the first one beyond `most`. Text that is no JSON gives some number. */
export function jsonDepth(text: string, most: number): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      i = endOfString(text, i);
      if (i < 0) break;
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) deepest = depth;
      if (depth > most) break;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}

/** Where the string that begins at `start` ends; −1: nowhere. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === 0x5c && first - 1 > start) first--;
    if ((end - first) % 2 === 0) return end;
  }
  return -1;
}
