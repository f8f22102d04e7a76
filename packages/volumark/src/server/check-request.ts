/** Parts of a request, checked by the schemas of the definition: what is wrong is refused with its place. */
import { issueText } from "@volumark/measure";
import type { FastifySchemaCompiler } from "fastify";
import type * as z from "zod";
import { ProblemError } from "./answer-problem.ts";

/** For `setValidatorCompiler`: handlers get what the schema makes of the part, with defaults and numbers. */
export const checkBySchema: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = "request" }) => {
  return (part: unknown) => {
    const found = schema.safeParse(part);
    if (found.success) return { value: found.data };
    const { path, text } = issueText(found.error, part);
    const field = fieldOf(httpPart, path);
    return { error: new ProblemError("invalid-request", `${field} ${text}. See /openapi.json.`, { field }) };
  };
};

/** As the handlers and the engine name it: `settings.frames` of the body, `query.limit`. */
function fieldOf(httpPart: string, path: readonly PropertyKey[]): string {
  const keys = path.map(String).filter((key) => key !== "");
  if (httpPart === "body") return keys.length === 0 ? "body" : keys.join(".");
  return [httpPart === "querystring" ? "query" : httpPart, ...keys].join(".");
}
