/** Parts of a request, checked by the schemas of the definition: what is wrong is refused with its place. */
import { closest } from "@volumark/engine";
import { issueText } from "@volumark/measure";
import type { FastifySchemaCompiler } from "fastify";
import * as z from "zod";
import { ProblemError } from "./answer-problem.ts";

/** For `setValidatorCompiler`: handlers get what the schema makes of the part, with defaults and numbers. */
export const checkBySchema: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = "request" }) => {
  return (part: unknown) => {
    const found = schema.safeParse(part);
    if (found.success) return { value: found.data };
    const { path, text } = issueText(found.error, part);
    const field = fieldOf(httpPart, path);
    const [first] = found.error.issues;
    const hint = first?.code === "unrecognized_keys" ? hintOf(first.keys, keysAt(schema, path)) : "";
    return { error: new ProblemError("invalid-request", `${field} ${text}.${hint} See /openapi.json.`, { field }) };
  };
};

function hintOf([key = ""]: readonly string[], known: readonly string[]): string {
  if (known.length === 0) return "";
  const near = closest(key, known);
  return near === undefined ? ` There are ${known.join(", ")}.` : ` Did you mean ${JSON.stringify(near)}?`;
}

/** Keys that the schema names at this place; none where it is of several kinds. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const key of [...path, null]) {
    while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodNullable) at = at.unwrap();
    if (!(at instanceof z.ZodObject)) return [];
    if (key === null) return Object.keys(at.shape);
    at = at.shape[String(key)];
  }
  return [];
}

/** As the handlers and the engine name it: `settings.frames` of the body, `query.limit`. */
function fieldOf(httpPart: string, path: readonly PropertyKey[]): string {
  const keys = path.map(String).filter((key) => key !== "");
  if (httpPart === "body") return keys.length === 0 ? "body" : keys.join(".");
  return [httpPart === "querystring" ? "query" : httpPart, ...keys].join(".");
}
