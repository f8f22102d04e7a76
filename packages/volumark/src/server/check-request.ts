/** Parts of a request, checked by the schemas of the definition: what is wrong is refused with its place. */
import type { FastifySchemaCompiler } from "fastify";
import type * as z from "zod";
import { ProblemError } from "./answer-problem.ts";

/** For `setValidatorCompiler`: handlers get what the schema makes of the part, with defaults and numbers. */
export const checkBySchema: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = "request" }) => {
  return (part: unknown) => {
    const found = schema.safeParse(part);
    if (found.success) return { value: found.data };
    const [first] = found.error.issues;
    const path = first?.path ?? [];
    const field = fieldOf(httpPart, path);
    const value = path.length > 0 ? valueAt(part, path) : null;
    const got =
      typeof value === "number" || typeof value === "string" ? `, got ${JSON.stringify(value).slice(0, 80)}` : "";
    const wrong = `is not as it must be (${first?.message ?? "it can't be read"}${got})`;
    const what = value === undefined ? "is missing" : wrong;
    return { error: new ProblemError("invalid-request", `${field} ${what}. See /openapi.json.`, { field }) };
  };
};

/** As the handlers and the engine name it: `settings.frames` of the body, `query.limit`. */
function fieldOf(httpPart: string, path: readonly PropertyKey[]): string {
  const keys = path.map(String).filter((key) => key !== "");
  if (httpPart === "body") return keys.length === 0 ? "body" : keys.join(".");
  return [httpPart === "querystring" ? "query" : httpPart, ...keys].join(".");
}

function valueAt(part: unknown, path: readonly PropertyKey[]): unknown {
  let value = part;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
