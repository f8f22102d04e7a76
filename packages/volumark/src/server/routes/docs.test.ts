import { encodeGif } from "@volumark/engine";
import type { InjectOptions } from "fastify";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ENDPOINT_FACTS } from "../../api/endpoint-facts.ts";
import { ENDPOINTS, type Endpoint } from "../../api/endpoints.ts";
import { PROBLEMS, problemSchema } from "../../api/problem.ts";
import { ROUTES, type Route, type RouteName } from "../../api/routes.ts";
import { request } from "../../queue/fixtures/queues.ts";
import { ownRecord } from "../../store/fixtures/stores.ts";
import { openApiDocument, routeNames } from "../docs/openapi.ts";
import { curlOf } from "../docs/pages.ts";
import { type TestServer, withServer } from "../fixtures/servers.ts";

const ID = "0af1c2d3-0000-4000-8000-000000000001";

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, object> };
}

const document = openApiDocument("1.2.3") as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

function operationOf(name: RouteName): Operation {
  return operations.find(({ operation }) => operation.operationId === name)!.operation;
}

/** What checks by the schema in the document, with the document's own parts. */
function checkOf(schema: object): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")));
}

/** Everything with a key of this name, wherever it is. */
function all(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => [...(name === key ? [entry] : []), ...all(entry, key)]);
}

async function filled({ app, context }: TestServer): Promise<void> {
  const rgba = new Uint8Array(8 * 8 * 4).fill(200);
  const gif = encodeGif([{ width: 8, height: 8, rgba, shadedPixelCount: 0 }], { fps: 10 });
  const record = await ownRecord({ id: ID });
  Object.assign(record, { gif_data: "", gif_bytestream: [], file_size_bytes: gif.length });
  await context.store.add(record, gif);
  await context.store.db.updateTable("runs").set({ settingsHash: "s1" }).execute();
  await context.queue.submit(request());
  await app.ready();
}

describe("/openapi.json", () => {
  test("has every address of the definition, each once, and no other", () => {
    const found = operations.map(({ path, method, operation: { operationId } }) => [operationId, method, path]);
    const expected = routeNames.map((name) => {
      const { method, path }: Route = ROUTES[name];
      return [name, method.toLowerCase(), path.replace(/:(\w+)/g, "{$1}")];
    });
    expect(found.sort()).toEqual(expected.sort());
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  test("is whole: every reference leads somewhere, every parameter of a path is there, every answer is described", () => {
    const references = all(document, "$ref");
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      const name = String(reference).replace("#/components/schemas/", "");
      expect(document.components.schemas, String(reference)).toHaveProperty(name);
    }
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = (operation.parameters ?? []).filter((one) => one.in === "path");
      expect(inPath.map(({ name }) => name).sort(), path).toEqual(named.sort());
      for (const { required } of inPath) expect(required, path).toBe(true);
      for (const [status, { description }] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[2345]\d\d$/);
        expect(description, `${path} ${status}`).not.toBe("");
      }
    }
    const texts = JSON.stringify(document);
    expect(texts).not.toContain("9007199254740991");
    for (const schema of Object.values(document.components.schemas)) checkOf(schema);
  });

  test("limits numbers that come as text: a frame that is none, a limit that is too high", () => {
    const schemaOf = (name: RouteName, parameter: string) =>
      checkOf(operationOf(name).parameters!.find((one) => one.name === parameter)!.schema);
    expect(schemaOf("runFrame", "frame").safeParse(-1).success).toBe(false);
    expect(schemaOf("runFrame", "frame").safeParse(1.5).success).toBe(false);
    expect(schemaOf("listRuns", "limit").safeParse(200).success).toBe(true);
    expect(schemaOf("listRuns", "limit").safeParse(201).success).toBe(false);
  });

  test("every JSON answer of the server is as it says, and has no key that it does not name", () =>
    withServer({}, async (server) => {
      await filled(server);
      const { app } = server;
      const asked: Partial<Record<RouteName, InjectOptions>> = {
        submitRun: { payload: { settings: { scene: "seed", frames: 2 } } },
        listRuns: {},
        getRun: {},
        cancelRun: {},
        acknowledgeRun: { payload: { reason: "known" } },
        importRecord: { payload: { ...(await ownRecord({ id: ID.replace(/1$/, "2") })) } },
        compareRuns: { url: `/api/compare?a=${ID}&b=${ID}` },
        history: {},
        listPresets: {},
        checkScene: { payload: { scene: "sed" } },
        system: {},
        health: {},
        readiness: {},
        openapi: {},
      };
      const json = routeNames.filter((name) => ROUTES[name].answer === "json");
      expect(Object.keys(asked).sort()).toEqual([...json].sort());
      for (const [name, how] of Object.entries(asked) as [RouteName, InjectOptions][]) {
        const { method, path }: Route = ROUTES[name];
        const found = await app.inject({ method, url: path.replace(":id", ID), ...how });
        const { status = 200, response }: Endpoint = ENDPOINTS[name];
        expect([found.statusCode, found.headers["content-type"]], `${name} ${found.payload}`).toEqual([
          status,
          "application/json; charset=utf-8",
        ]);
        expect(response!.parse(found.json()), name).toEqual(found.json());
        const { schema } = operationOf(name).responses[status]!.content!["application/json"]!;
        const checked = checkOf(schema!).safeParse(found.json());
        expect(checked.error, name).toBeUndefined();
      }
    }));

  test("every file has the type that it says", () =>
    withServer({}, async (server) => {
      await filled(server);
      for (const name of routeNames) {
        const { path, answer }: Route = ROUTES[name];
        const { content }: Endpoint = ENDPOINTS[name];
        if (answer !== "bytes" && answer !== "text") continue;
        const found = await server.app.inject(path.replace(":id", ID).replace(":frame", "0"));
        expect(found.statusCode, `${name} ${found.payload}`).toBe(200);
        expect(String(found.headers["content-type"]).split(";")[0], name).toBe(content);
        expect(operationOf(name).responses["200"]!.content, name).toHaveProperty([content!]);
        for (const header of ENDPOINT_FACTS[name].responseHeaders ?? [])
          expect(found.headers, name).toHaveProperty([header.name.toLowerCase()]);
      }
    }));

  test("every refusal is a problem that its address names", () =>
    withServer({}, async (server) => {
      await filled(server);
      const { job } = await server.context.queue.submit(request());
      const json = (method: "POST" | "PUT", url: string, payload: unknown) => ({
        method,
        url,
        headers: { "content-type": "application/json" },
        payload: typeof payload === "string" ? payload : JSON.stringify(payload),
      });
      const refused: [RouteName, InjectOptions][] = [
        ["submitRun", json("POST", "/api/runs", { settings: {} })],
        ["submitRun", json("POST", "/api/runs", { settings: { scene: "sed" } })],
        ["submitRun", json("POST", "/api/runs", "{")],
        ["submitRun", { method: "POST", url: "/api/runs", headers: { "content-type": "text/plain" }, payload: "x" }],
        ["listRuns", { url: "/api/runs?limit=0" }],
        ["listRuns", { url: "/api/runs?cursor=nonsense" }],
        ["getRun", { url: "/api/runs/ffffffff" }],
        ["getRun", { url: "/api/runs/x" }],
        ["runEvents", { url: `/api/runs/${job.id}/events`, headers: { "last-event-id": "99" } }],
        ["runAnimation", { url: `/api/runs/${job.id}/animation.gif` }],
        ["runAnimation", { url: `/api/runs/${ID}/animation.gif`, headers: { range: "bytes=999999-" } }],
        ["runFrame", { url: `/api/runs/${ID}/frames/7.png` }],
        ["importRecord", json("POST", "/api/records", {})],
        ["compareRuns", { url: `/api/compare?a=${ID}&b=${job.id}` }],
        ["history", { url: "/api/history?limit=x" }],
        ["getRun", { url: `/api/runs/${ID}`, headers: { host: "evil.example" } }],
      ];
      for (const [name, how] of refused) {
        const found = await server.app.inject(how);
        const problem = problemSchema.parse(found.json());
        const said = operationOf(name).responses[found.statusCode]?.content?.["application/problem+json"];
        expect(said, `${name} ${found.statusCode} ${problem.code}`).toBeDefined();
        expect(checkOf(said!.schema!).safeParse(problem).error, `${name} ${problem.code}`).toBeUndefined();
        expect(found.headers["content-type"]).toMatch(/^application\/problem\+json/);
      }
    }));

  test("what the examples send is taken", () =>
    withServer({}, async (server) => {
      await filled(server);
      for (const name of routeNames) {
        const { body, query, headers = [] } = ENDPOINT_FACTS[name].example ?? {};
        if (name === "runEvents" || (body === undefined && query === undefined)) continue;
        const { method, path }: Route = ROUTES[name];
        const address = path.replace(":id", ID.slice(0, 8)).replace(":frame", "0");
        const search = query === undefined ? "" : `?${query.replace(/=(3fa9|c41d)/g, `=${ID}`)}`;
        const found = await server.app.inject({
          method,
          url: `${address}${search}`,
          headers: Object.fromEntries(headers.map((line) => line.split(": "))),
          ...(body === undefined ? {} : { payload: body as object }),
        });
        expect(found.statusCode, `${name}: ${found.payload}`).toBeLessThan(300);
      }
    }));
});

describe("/docs", () => {
  test("describes every address with an example, and every code, without a script", () =>
    withServer({}, async ({ app }) => {
      const [addresses, problems] = [await app.inject("/docs"), await app.inject("/docs/problems")];
      for (const found of [addresses, problems]) {
        expect([found.statusCode, found.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
        expect(found.payload).not.toMatch(/<script|\son\w+=|style=/);
        expect(String(found.headers["content-security-policy"])).toMatch(
          /^default-src 'none'; img-src data:; style-src 'sha256-/,
        );
      }
      for (const name of routeNames) {
        expect(addresses.payload, name).toContain(`<section id="${name}">`);
        expect(curlOf(name)).toMatch(/^curl .*"\$VOLUMARK\/[^ ]*"$/);
      }
      for (const code of Object.keys(PROBLEMS)) expect(problems.payload).toContain(`<section id="${code}">`);
    }));

  test("its links lead to something on the page that they name", () =>
    withServer({}, async ({ app }) => {
      const pages = new Map<string, string>();
      for (const address of ["/docs", "/docs/problems", "/openapi.json"])
        pages.set(address, (await app.inject(address)).payload);
      for (const [from, text] of pages) {
        for (const [, address, anchor] of text.matchAll(/href="([^"#:]*)(?:#([^"]*))?"/g)) {
          const there = pages.get(address === "" ? from : address!);
          expect(there, `${from} → ${address}`).toBeDefined();
          if (anchor !== undefined) expect(there, `${from} → ${address}#${anchor}`).toContain(`id="${anchor}"`);
        }
      }
    }));
});
