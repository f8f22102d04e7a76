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
    const field = [httpPart, ...(first?.path ?? [])]
      .map(String)
      .filter((key) => key !== "")
      .join(".");
    const what = first?.message ?? "is not as it must be";
    return { error: new ProblemError("invalid-request", `${field} ${what}. See /openapi.json.`, { field }) };
  };
};
