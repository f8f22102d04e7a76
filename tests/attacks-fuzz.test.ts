/**
 * Requests made up from the definition of the interface: good ones, almost good ones and broken ones. No answer is ever a
 * mistake of the server's, and every refusal is a problem document.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ENDPOINTS, type Endpoint } from "../packages/volumark/src/api/endpoints.ts";
import { problemSchema } from "../packages/volumark/src/api/problem.ts";
import { ROUTES, type Route, type RouteName } from "../packages/volumark/src/api/routes.ts";
import { inputSchema, type JsonSchema as Json } from "../packages/volumark/src/server/fixtures/input-schema.ts";
import { type TestServer, withServer } from "../packages/volumark/src/server/fixtures/servers.ts";
import { foreignRecord, ownRecord } from "../packages/volumark/src/store/fixtures/stores.ts";

type Definitions = Readonly<Record<string, unknown>>;

const SEED = 20261124;
const RUNS = 60;

/** What programs stumble over. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e308,
  -1e308,
  5e-324,
  "",
  " ",
  "0",
  "-1",
  "NaN",
  "1e999",
  "\0",
  "\ud800",
  "\u202e\u0000\ufeff",
  "a\r\nb: c",
  "../../etc/passwd",
  "__proto__",
  "constructor",
  "%00",
  "%",
  "'\"`$<script>",
  "𝕍".repeat(50),
  "x".repeat(3000),
  [],
  {},
  [[[[[[[[]]]]]]]],
  { toString: 1, valueOf: null, hasOwnProperty: 2 },
  { length: -1 },
];
const odd = fc.constantFrom(...ODD);

/** A scene of the right form, or almost. */
const scenes = fc.letrec<{ node: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 0.01, max: 1, noNaN: true }) },
    {
      weight: 1,
      arbitrary: fc.record({ wave: fc.record({ amplitude: fc.double({ min: 0, max: 0.2, noNaN: true }) }) }),
    },
    { weight: 1, arbitrary: odd },
  ),
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ type: fc.constant("sphere"), radius: tie("value") }),
    fc.record({ type: fc.constant("torus"), majorRadius: tie("value"), minorRadius: tie("value") }),
    fc.record({ type: fc.constantFrom("shell", "offset", "twist"), thickness: tie("value"), child: tie("node") }),
    fc.record({ type: fc.constantFrom("union", "difference"), children: fc.array(tie("node"), { maxLength: 4 }) }),
    fc.record({ type: fc.constant("translate"), by: fc.array(tie("value"), { maxLength: 4 }), child: tie("node") }),
    odd,
  ),
}));
const scene = fc.record(
  {
    schema: fc.constant("volumark.scene/1"),
    root: scenes.node,
    name: fc.oneof(fc.string(), odd),
    dimension: fc.nat(40),
  },
  { requiredKeys: ["schema", "root"] },
);

/** Values of a JSON schema, as the definition has it. */
function valuesOf(schema: Json, defs: Definitions): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valuesOf(defs[schema.$ref.replace("#/$defs/", "")] as Json, defs);
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map((one) => valuesOf(one as Json, defs)));
  switch (schema.type) {
    case "string":
      return fc.string({
        minLength: schema.minLength ?? 0,
        maxLength: Math.min(schema.maxLength ?? 20, 200),
        unit: "binary",
      });
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: least(schema), max: Math.min(most(schema), least(schema) + 20) }) },
        { weight: 1, arbitrary: fc.integer({ min: least(schema), max: Math.min(most(schema), 2 ** 31 - 1) }) },
      );
    case "number":
      return fc.double({ min: least(schema), max: most(schema), noNaN: true, noDefaultInfinity: true });
    case "array":
      return fc.array(valuesOf((schema.items ?? {}) as Json, defs), { maxLength: 4 });
    case "object": {
      const properties = Object.entries(schema.properties ?? {});
      const known = fc.record(
        Object.fromEntries(properties.map(([name, one]) => [name, fieldOf(name, one as Json, defs)])),
        {
          requiredKeys: [...(schema.required ?? [])],
          noNullPrototype: true,
        },
      );
      return properties.length === 0 ? fc.dictionary(fc.string(), odd, { maxKeys: 4 }) : known;
    }
    default:
      return fc.oneof(odd, fc.jsonValue({ maxDepth: 4 }));
  }
}

function fieldOf(name: string, schema: Json, defs: Definitions): fc.Arbitrary<unknown> {
  if (name === "scene") return fc.oneof(fc.constantFrom("seed", "gyroid"), scene, valuesOf(schema, defs));
  // Most scenes have none of these.
  if (name === "parameters") return fc.option(valuesOf(schema, defs), { nil: undefined, freq: 1 });
  return valuesOf(schema, defs);
}

const least = (schema: Json) => Math.max(schema.minimum ?? -(2 ** 31), -(2 ** 31));
const most = (schema: Json) => schema.maximum ?? 2 ** 31;

/** The value with one thing in it that it should not have. */
function broken(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, fc.nat(), fc.nat(3), odd, fc.string({ unit: "binary" }))
    .map(([value, where, how, other, key]) => {
      const places = placesIn(value);
      const place = places[where % Math.max(1, places.length)];
      if (!place) return other;
      const { holder, name } = place;
      if (how === 0) delete holder[name];
      else if (how === 1) holder[name] = other;
      else if (how === 2) Object.defineProperty(holder, key, { value: other, enumerable: true, configurable: true });
      else holder[name] = [holder[name]];
      return value;
    });
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesIn(holder[name])]);
}

/** Queries have texts alone, some of them twice. */
const searchOf = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return encode(value);
  return Object.entries(value)
    .flatMap(([name, one]) => (Array.isArray(one) ? one : [one]).map((each) => `${encode(name)}=${encode(each)}`))
    .join("&");
};
const encode = (value: unknown) => encodeURIComponent(Buffer.from(textOf(value)).toString());
const textOf = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value)) ?? "";

function inputOf(schema: Endpoint["body"]): fc.Arbitrary<unknown> {
  if (schema === undefined) return fc.constant(undefined);
  const whole = inputSchema(schema);
  const values = valuesOf(whole, whole.$defs ?? {}).map((value) => structuredClone(value));
  return fc.oneof({ weight: 2, arbitrary: values }, { weight: 3, arbitrary: broken(values) });
}

interface Made {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: Record<string, string>;
}

const headers = fc.record(
  {
    "idempotency-key": fc.oneof(fc.uuid(), fc.string()),
    "last-event-id": fc.oneof(fc.nat(5).map(String), fc.string()),
    "if-none-match": fc.constantFrom("*", '"a"', 'W/"', "\\"),
    range: fc.constantFrom("bytes=0-", "bytes=5-1", "bytes=-0", "bytes=-5", "bytes=0-0,2-3", "x"),
    accept: fc.constantFrom("*/*", "text/event-stream", "text/html", "application/xml", ""),
  },
  { requiredKeys: [] },
);

/** Streams of runs that have not ended stay open; they have tests of their own. */
const CLOSED: readonly RouteName[] = ["runEvents"];
const NAMES = (Object.keys(ROUTES) as RouteName[]).filter((name) => !CLOSED.includes(name));

async function answer({ app }: TestServer, name: RouteName, made: Made) {
  const { method, path }: Route = ROUTES[name];
  const target = path.replace(/:(\w+)/g, (_, word: string) => encode(made.params[word]));
  const search = made.query === undefined ? "" : `?${searchOf(made.query)}`;
  return app.inject({
    method,
    url: `${target}${search}`,
    headers: {
      // Only what can stand in a header.
      ...Object.fromEntries(
        Object.entries(made.headers).map(([word, text]) => [word, text.replace(/[^\x20-\x7e]/g, "?")]),
      ),
      ...(made.body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(made.body === undefined ? {} : { payload: JSON.stringify(made.body) ?? "" }),
  });
}

function check(status: number, type: string, body: string, of: string): void {
  expect([status < 500 || status === 507, of]).toEqual([true, of]);
  if (status < 400) return;
  expect(type, of).toMatch(/^application\/problem\+json\b/);
  const problem = problemSchema.parse(JSON.parse(body));
  expect(problem.status, of).toBe(status);
  expect(problem.detail, of).toMatch(/\S.*[.?!]/s);
  expect(body, of).not.toMatch(/node_modules|\.ts:\d|SQLITE|syntax error/);
}

describe("no request is answered with a mistake of the server's", () => {
  test.each(NAMES)("%s", async (name) => {
    const endpoint: Endpoint = ENDPOINTS[name];
    await withServer({ limits: { requestsPerMinute: 1e9 } }, async (server) => {
      const { store, queue } = server.context;
      const { id: own } = await store.add(await ownRecord());
      const { id: foreign } = await store.add(await foreignRecord());
      const settings = { scene: "seed", frames: 2 };
      const { job } = await queue.submit({ settings, settingsHash: "a".repeat(64), scene: "seed", frames: 2 });
      const ids = fc.constantFrom(own, foreign, job.id, job.id.slice(0, 8), foreign.slice(0, 4));
      const { params, query, body } = endpoint;
      const requests = fc.record({
        params: params
          ? fc.record({ id: fc.oneof(ids, odd, fc.string()), frame: fc.oneof(fc.nat(3), odd) })
          : fc.constant({}),
        query: name === "compareRuns" ? fc.record({ a: ids, b: fc.oneof(ids, odd) }) : inputOf(query),
        body: name === "importRecord" ? records(await ownRecord(), await foreignRecord()) : inputOf(body),
        headers,
      });
      const statuses = new Set<number>();
      await fc.assert(
        fc.asyncProperty(requests, async (made) => {
          const { statusCode, headers: said, body: text } = await answer(server, name, made);
          statuses.add(statusCode);
          check(statusCode, String(said["content-type"]), text, `${name} ${JSON.stringify(made).slice(0, 2000)}`);
        }),
        { seed: SEED, numRuns: RUNS },
      );
      // Readiness says what is: here no worker runs. Everything else was also answered well.
      expect([...statuses].some((status) => status < 400) || name === "readiness", `${[...statuses]}`).toBe(true);
    });
  });

  test("text that is almost JSON", async () => {
    const whole = JSON.stringify({ settings: { scene: "seed", frames: 2 }, options: { lanes: 1 } });
    const texts = fc
      .tuple(
        fc.nat(whole.length),
        fc.nat(3),
        fc.constantFrom("{", "}", "[", '"', "\\", ",", "\0", "\ud83d", "1e", "//", "\u2028"),
      )
      .map(([at, length, piece]) => whole.slice(0, at) + piece + whole.slice(at + length));
    await withServer({ limits: { requestsPerMinute: 1e9 } }, async ({ app }) => {
      await fc.assert(
        fc.asyncProperty(texts, async (payload) => {
          const sent = {
            method: "POST",
            url: "/api/runs",
            headers: { "content-type": "application/json" },
            payload,
          } as const;
          const { statusCode, headers: said, body } = await app.inject(sent);
          check(statusCode, String(said["content-type"]), body, payload);
        }),
        { seed: SEED, numRuns: 150 },
      );
    });
  });
});

/** Records with something broken in them. */
function records(...whole: readonly object[]): fc.Arbitrary<unknown> {
  const some = fc.constantFrom(...whole).map((record) => structuredClone(record) as unknown);
  return fc.oneof(
    { weight: 1, arbitrary: some },
    { weight: 6, arbitrary: broken(some) },
    { weight: 1, arbitrary: odd },
  );
}
