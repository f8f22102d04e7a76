/**
 * The interface as an OpenAPI 3.1 document, written from its definition: what the server checks is what stands here.
 * Source: https://spec.openapis.org/oas/v3.1.1
 */
import * as z from "zod";
import { BODY_PROBLEMS, COMMON_PROBLEMS, ENDPOINT_FACTS, type Header, KEY_PROBLEMS } from "../../api/endpoint-facts.ts";
import { ENDPOINTS, type Endpoint } from "../../api/endpoints.ts";
import { PROBLEMS, type ProblemCode, problemSchema } from "../../api/problem.ts";
import { ROUTES, type Route, type RouteName } from "../../api/routes.ts";
import { runEventSchema } from "../../api/run-events.ts";

export type Json = { readonly [key: string]: unknown };
type Schema = Record<string, unknown>;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export const routeNames = Object.keys(ROUTES) as RouteName[];

export function openApiDocument(version: string): Json {
  const components: Record<string, Schema> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const name of routeNames) {
    const route: Route = ROUTES[name];
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, components) };
  }
  for (const schema of [problemSchema, runEventSchema]) schemaOf(schema, "output", components);
  return {
    openapi: "3.1.1",
    info: {
      title: "Volumark",
      version,
      summary: "Animations of implicit volumes, and what every frame cost.",
      description:
        "Runs are queued durably and made one after the other. Errors are application/problem+json with a stable code; " +
        "/docs/problems describes each. /docs is this document for reading.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(routeNames.map((name) => ENDPOINT_FACTS[name].group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description:
            "A key of `volumark keys add`. Scopes: read, run, admin; each holds those before it. On the loopback none is asked for unless the server wants it.",
        },
      },
    },
  };
}

function operation(name: RouteName, components: Record<string, Schema>): Json {
  const route: Route = ROUTES[name];
  const { summary, body }: Endpoint = ENDPOINTS[name];
  const parameters = parametersOf(name, components);
  return {
    operationId: name,
    summary,
    tags: [ENDPOINT_FACTS[name].group],
    security: route.scope === null ? [] : [{ key: [route.scope] }, {}],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(body, "input", components) } },
          },
        }
      : {}),
    responses: responsesOf(name, components),
  };
}

/** Of the path, the query, and headers that mean something here. */
export function parametersOf(name: RouteName, components: Record<string, Schema> = {}): Parameter[] {
  const { params, query }: Endpoint = ENDPOINTS[name];
  const { requestHeaders = [] } = ENDPOINT_FACTS[name];
  return [
    ...propertiesOf("path", params, components),
    ...propertiesOf("query", query, components),
    ...requestHeaders.map((header) => ({
      name: header.name,
      in: "header" as const,
      required: false,
      description: header.description,
      schema: { type: "string" },
    })),
  ];
}

function propertiesOf(
  place: "path" | "query",
  from: z.ZodType | undefined,
  components: Record<string, Schema>,
): Parameter[] {
  if (!from) return [];
  const { properties = {}, required = [] } = schemaOf(from, "input", components) as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(typeof description === "string" ? { description } : {}),
    schema,
  }));
}

function responsesOf(name: RouteName, components: Record<string, Schema>): Json {
  const { status = 200, response, content, summary }: Endpoint = ENDPOINTS[name];
  const { responseHeaders = [], also = {} } = ENDPOINT_FACTS[name];
  const headers = responseHeaders.length > 0 ? { headers: Object.fromEntries(responseHeaders.map(headerEntry)) } : {};
  const body = response
    ? { content: { "application/json": { schema: schemaOf(response, "output", components) } } }
    : content
      ? { content: { [content]: { schema: contentSchema(content) } } }
      : {};
  const responses: Record<string, unknown> = { [status]: { description: summary, ...headers, ...body } };
  for (const [code, description] of Object.entries(also))
    responses[code] = { description, ...headers, ...(code === "304" ? {} : body) };
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(name)) {
    const { status: its } = PROBLEMS[code];
    byStatus.set(its, [...(byStatus.get(its) ?? []), code]);
  }
  for (const [its, codes] of byStatus) {
    const description = codes.map((code) => `${code}: ${PROBLEMS[code].title}`).join(". ");
    const schema = {
      allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: codes } } }],
    };
    const problem = { "application/problem+json": { schema } };
    const there = responses[its] as { description: string; content?: Json } | undefined;
    responses[its] = there
      ? { ...there, description: `${there.description}. ${description}`, content: { ...there.content, ...problem } }
      : { description, content: problem };
  }
  return responses;
}

/** Everything that the address may refuse. */
export function problemsOf(name: RouteName): ProblemCode[] {
  const { body }: Endpoint = ENDPOINTS[name];
  return [
    ...ENDPOINT_FACTS[name].problems,
    ...(body ? BODY_PROBLEMS : []),
    ...(ROUTES[name].scope === null ? [] : KEY_PROBLEMS),
    ...COMMON_PROBLEMS,
  ];
}

function headerEntry({ name, description }: Header): [string, Json] {
  return [name, { description, schema: { type: "string" } }];
}

function contentSchema(content: string): Schema {
  if (content === "text/event-stream") {
    return {
      type: "string",
      description: "Server-sent events: `id` its number, `event` its kind, `data` a RunEvent as JSON on one line",
      "x-event": { $ref: "#/components/schemas/RunEvent" },
    };
  }
  if (content === "application/json") return { type: "object" };
  // Raw bytes have no schema in OpenAPI 3.1.
  return content.startsWith("text/") ? { type: "string" } : {};
}

/** As a JSON Schema whose named parts lie among the components. */
function schemaOf(schema: z.ZodType, io: "input" | "output", components: Record<string, Schema>): Schema {
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      // A number that comes as text: what counts is what it is afterwards.
      if (def.type === "pipe" && jsonSchema.type === "number") {
        const { $schema: _, ...after } = z.toJSONSchema(def.out as z.ZodType);
        Object.assign(jsonSchema, after);
      }
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      // Answers may get further keys in later versions.
      if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }) as Schema & { $defs?: Record<string, Schema> };
  const { $schema: _, $defs = {}, ...rest } = moved(made) as typeof made;
  for (const [name, part] of Object.entries($defs)) {
    const there = components[name];
    if (there !== undefined && JSON.stringify(there) !== JSON.stringify(part))
      throw new Error(`write OpenAPI: ${name} stands for two different schemas. Give one of them another id.`);
    components[name] = part;
  }
  return rest;
}

function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === "$ref" && typeof entry === "string" ? entry.replace("#/$defs/", "#/components/schemas/") : moved(entry),
    ]),
  );
}
