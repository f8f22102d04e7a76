/**
 * Attacks on a listening server: whatever is sent, it answers with the problem that it is, stays alive and within its
 * memory, and touches no file outside its data folder.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ROUTES, type Route } from "../packages/volumark/src/api/routes.ts";
import { type Answer, type AttackedServer, readAnswer, SECRET, startAttacked } from "./attack-server.ts";

let server: AttackedServer;
let readKey = "";
let revokedKey = "";
let runId = "";

beforeAll(async () => {
  server = await startAttacked(["--most-body-bytes", "262144", "--most-record-bytes", "4MiB"], async (_, volumark) => {
    readKey = (await volumark(["keys", "add", "--name", "reader", "--scope", "read"])).trim();
    const { id, key } = JSON.parse(await volumark(["keys", "add", "--name", "gone", "--scope", "admin", "--json"]));
    await volumark(["keys", "revoke", id]);
    revokedKey = key;
  });
  const submitted = await post({ settings: { scene: "seed", frames: 2 } });
  expect(submitted.status).toBe(202);
  runId = JSON.parse(submitted.body).id;
});
afterAll(() => server.end());
afterEach(async () => expect(await server.wounds()).toEqual([]));

const JSON_TYPE = { "content-type": "application/json" };
const post = (body: unknown, headers: Record<string, string> = {}, path = "/api/runs") =>
  server.ask(path, {
    method: "POST",
    headers: { ...JSON_TYPE, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
const HOST = "Host: localhost";

/** It was refused, as a problem, and says nothing that it should not. */
function refused(answer: Answer, status: number | readonly number[], code: string | readonly string[]): void {
  const of = `${answer.status} ${answer.body.slice(0, 300)}`;
  expect([status].flat(), of).toContain(answer.status);
  expect([code].flat(), of).toContain(answer.code);
  expect(answer.body).not.toContain(SECRET);
  expect(answer.body, "a stack or a path of the server").not.toMatch(/node_modules|\/packages\/|\bat .*:\d+:\d+/);
  expect(answer.headers["x-content-type-options"], of).toBe("nosniff");
}

describe("paths", () => {
  const TRAVERSALS = [
    "../../secret.txt",
    "..%2f..%2fsecret.txt",
    "%2e%2e%2f%2e%2e%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "..%5c..%5csecret.txt",
    "..\\..\\secret.txt",
    "....//....//secret.txt",
    "%c0%ae%c0%ae%c0%afsecret.txt",
    "..%c0%af..%c0%afsecret.txt",
    "%e0%80%ae%e0%80%ae/secret.txt",
    "..%ef%bc%8f..%ef%bc%8fsecret.txt",
    "secret.txt%00.gif",
    "%00",
    "..%00/secret.txt",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "C:%5cWindows%5cwin.ini",
    "file:%2f%2f%2fetc%2fpasswd",
    "~root",
    "%zz",
    "%",
    "%ud800",
    "%ed%a0%80",
    "__proto__",
    "constructor",
    "%25%25%25%25",
    "____",
    "'%20or%201=1--",
    "x;%20drop%20table%20runs",
    "%0d%0aSet-Cookie:%20a=b",
    "x".repeat(9000),
    "..;/..;/secret.txt",
  ];
  const withId = (Object.entries(ROUTES) as [string, Route][]).filter(([, { path }]) => path.includes(":"));

  test.each(withId)("in %s give nothing, and are a problem", async (_, { method, path }) => {
    for (const attack of TRAVERSALS) {
      for (const name of path.match(/:\w+/g) ?? []) {
        const target = path.replace(name, attack).replace(":id", runId).replace(/:\w+/, "0");
        const head = [`${method} ${target} HTTP/1.1`, HOST, "Connection: close"];
        const answer = await server.send(lines(...head));
        refused(
          answer,
          [400, 404, 413],
          ["invalid-request", "not-found", "unknown-run", "no-result", "too-large", "ambiguous-run"],
        );
      }
    }
  });

  test.each(["/", "/assets/", "/api/", "/docs/"])("below %s give nothing", async (prefix) => {
    for (const attack of TRAVERSALS) {
      const answer = await server.send(lines(`GET ${prefix}${attack} HTTP/1.1`, HOST, "Connection: close"));
      expect(answer.body).not.toContain(SECRET);
      if (answer.status !== 200) refused(answer, [400, 403, 404, 413], ["invalid-request", "not-found", "too-large"]);
    }
  });
});

describe("bodies", () => {
  const deep = (levels: number, open = "[", close = "]") => open.repeat(levels) + close.repeat(levels);

  test.each([
    ["lists, 100 000 deep", deep(100_000)],
    ["objects, 25 000 deep", deep(25_000, '{"a":', "}").replace(":}", ":1}")],
    ["lists in a scene, 300 deep", `{"settings":{"scene":{"root":${deep(300)}}}}`],
    ["lists that never end, 100 000 deep", "[".repeat(100_000)],
  ])("%s are refused before they are read", async (_, body) => {
    for (const path of ["/api/runs", "/api/scenes/check", "/api/records"]) {
      const answer = await post(body, {}, path);
      refused(answer, 400, ["invalid-request", "invalid-record"]);
    }
  });

  test.each([
    '{"__proto__":{"polluted":1},"settings":{"scene":"seed"}}',
    '{"settings":{"scene":"seed","__proto__":{"frames":1}}}',
    '{"settings":{"scene":{"\\u005f_proto__":{"a":1}}}}',
    '{"constructor":{"prototype":{"polluted":1}},"settings":{"scene":"seed"}}',
    '{"settings":{"scene":"seed","parameters":{"constructor":{"prototype":{}}}}}',
    '{"settings":{"scene":"seed","parameters":{"toString":1}}}',
    '{"settings":{"scene":"__proto__"}}',
    '{"settings":{"scene":"constructor"}}',
    '{"settings":{"scene":"seed"},"machine":{"__proto__":null}}',
  ])("a key of a prototype is refused: %s", async (body) => {
    refused(await post(body), 400, ["invalid-request", "invalid-scene", "unknown-preset", "invalid-settings"]);
    expect(JSON.parse((await server.ask(`/api/runs/${runId}`)).body).polluted).toBeUndefined();
  });

  test.each([
    ["nothing", ""],
    ["a number", "1"],
    ["null", "null"],
    ["a list", "[]"],
    ["half of an object", '{"settings":{"scene":"se'],
    ["no JSON", "settings=1"],
    ["NaN", '{"settings":{"scene":"seed","fps":NaN}}'],
    ["more than a number can be", '{"settings":{"scene":"seed","fps":1e999}}'],
    ["zero bytes", '{"settings":{"scene":"se\u0000ed"}}'],
    ["a mark of byte order", '\ufeff{"settings":{"scene":"seed","more":1}}'],
  ])("%s as a run is a problem", async (_, body) => {
    refused(await post(body), 400, ["invalid-request", "unknown-preset"]);
  });

  test("bytes that are no UTF-8 are a problem or become replacement characters", async () => {
    const body = Buffer.concat([
      Buffer.from('{"settings":{"scene":"'),
      Buffer.from([0xff, 0xfe, 0xc0]),
      Buffer.from('"}}'),
    ]);
    const head = lines(
      "POST /api/runs HTTP/1.1",
      HOST,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
    );
    refused(await server.send(Buffer.concat([Buffer.from(head), body])), 400, ["invalid-request", "unknown-preset"]);
  });

  test.each([
    ["a length that is beyond the limit", "Content-Length: 262145"],
    ["a length beyond every number", "Content-Length: 99999999999999999999"],
    ["a negative length", "Content-Length: -1"],
    ["a length that is none", "Content-Length: 0x10"],
    ["two lengths", "Content-Length: 5\r\nContent-Length: 6"],
  ])("%s is refused without waiting for it", async (_, header) => {
    const answer = await server.send(lines("POST /api/runs HTTP/1.1", HOST, "Content-Type: application/json", header));
    refused(answer, [400, 413], ["too-large", "invalid-request"]);
  });

  test.each(["/api/runs", "/api/records"])("a body of %s that never ends is ended", async (path) => {
    const socket = await server.connect();
    const answer = readAnswer(socket);
    const head = [`POST ${path} HTTP/1.1`, HOST, "Content-Type: application/json", "Transfer-Encoding: chunked"];
    socket.write(lines(...head));
    let sent = 0;
    const piece = `${(65_536).toString(16)}\r\n${" ".repeat(65_536)}\r\n`;
    const timer = setInterval(() => {
      sent += 65_536;
      if (!socket.destroyed) socket.write(piece);
    }, 1);
    try {
      refused(await answer, 413, "too-large");
      expect(sent).toBeLessThan(64 * 1024 ** 2);
    } finally {
      clearInterval(timer);
      socket.destroy();
    }
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
  ])("%s, which forms of other pages can send, is refused", async (type) => {
    for (const path of ["/api/runs", "/api/records", `/api/runs/${runId}/cancel`, "/api/scenes/check"])
      refused(
        await post('{"settings":{"scene":"seed"}}', { "content-type": type }, path),
        415,
        "unsupported-media-type",
      );
    expect(JSON.parse((await server.ask(`/api/runs/${runId}`)).body).status).toBe("queued");
  });
});

test.each(["gzip", "br", "identity, gzip"])("a body in %s is refused and not unpacked", async (coding) => {
  const headers = { "content-type": "application/json", "content-encoding": coding };
  refused(await post('{"settings":{"scene":"seed"}}', headers), 415, "unsupported-media-type");
});

test.each(["a\u0000b", "a\nb", "\ud800", ""])("the label %j, which no worker can have, is refused", async (machine) => {
  const body = JSON.stringify({ settings: { scene: "seed" }, machine });
  refused(await post(body, { "content-type": "application/json" }), 400, "invalid-request");
});

describe("scenes", () => {
  const sphere = { type: "sphere", radius: 0.5 };
  const scene = (root: unknown, more: object = {}) => ({ schema: "volumark.scene/1", root, ...more });
  const nested = (levels: number) => {
    let node: unknown = sphere;
    for (let i = 0; i < levels; i++) node = { type: "shell", thickness: 0.1, child: node };
    return node;
  };
  const many = (count: number) => ({ type: "union", children: Array.from({ length: count }, () => sphere) });

  test.each([
    ["2 001 nodes", { scene: scene(many(2000)) }, "too-much-work"],
    ["5 000 nodes", { scene: scene(many(5000)) }, ["invalid-scene", "too-much-work"]],
    ["operators 70 deep", { scene: scene(nested(70)) }, "invalid-scene"],
    ["operators 120 deep", { scene: scene(nested(120)) }, "invalid-scene"],
    [
      "copies without number",
      { scene: scene({ type: "repeat", spacing: [0.02, 0.02, 0.02], count: [1e9, 1e9, 1e9], child: sphere }) },
      "invalid-scene",
    ],
    [
      "copies closer than can be seen",
      { scene: scene({ type: "repeat", spacing: [1e-300, 1, 1], child: sphere }) },
      "invalid-scene",
    ],
    [
      "the largest dimension with the most frames",
      { scene: "seed", dimension: 2048, frames: 100_000 },
      "too-much-work",
    ],
    ["more than the engine takes", { scene: "seed", dimension: 2049 }, "invalid-request"],
    ["a picture of 16 million pixels", { scene: "seed", width: 4096, height: 4096 }, "too-much-work"],
    ["days of work", { scene: "gyroid", dimension: 512, frames: 10_000 }, "too-much-work"],
    ["a negative number of frames", { scene: "seed", frames: -1 }, "invalid-request"],
    ["half a frame", { scene: "seed", frames: 1.5 }, "invalid-request"],
    ["a name of 10 000 letters", { scene: "x".repeat(10_000) }, "invalid-request"],
    ["a scene's name with line ends", { scene: scene(sphere, { name: "a\r\nSet-Cookie: b=c" }) }, "invalid-scene"],
    ["a scene's name with a lone surrogate", { scene: scene(sphere, { name: "\ud800" }) }, "invalid-scene"],
    ["a radius of nothing", { scene: scene({ type: "sphere", radius: null }) }, "invalid-scene"],
    ["a type from the prototype", { scene: scene({ type: "constructor" }) }, "invalid-scene"],
    ["a path as a scene", { scene: "../../secret.txt" }, "unknown-preset"],
    ["a scene that is a file's address", { scene: { file: "/etc/passwd" } }, "invalid-scene"],
  ])("%s are refused before anything is queued", async (_, settings, code) => {
    const before = JSON.parse((await server.ask("/api/runs?limit=200")).body).runs.length;
    refused(await post({ settings }), 400, code);
    refused(await post({ settings, options: { backend: "reference", passes: 3 } }), 400, code);
    expect(JSON.parse((await server.ask("/api/runs?limit=200")).body).runs).toHaveLength(before);
  });

  test.each([
    ['{"type":"sphere","radius":1e999}'],
    ['{"type":"sphere","radius":-1e999}'],
    ['{"type":"sphere","radius":1e-999}'],
    ['{"type":"sphere","radius":{"wave":{"amplitude":1e999}}}'],
    ['{"type":"translate","by":[1e308,1e308,1e308],"child":{"type":"sphere","radius":1}}'],
  ])("numbers without bounds are refused: %s", async (root) => {
    refused(await post(`{"settings":{"scene":{"schema":"volumark.scene/1","root":${root}}}}`), 400, "invalid-scene");
  });

  test("many bombs at once hold nobody up", async () => {
    const bomb = { settings: { scene: scene(many(1900)), dimension: 512, frames: 10_000 } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(bomb)));
    for (const answer of answers) refused(answer, 400, "too-much-work");
  });
});

describe("who may", () => {
  test.each(["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1:1", "localhost@evil.example", ""])(
    "a name that is not this server's is refused: Host: %s",
    async (host) => {
      for (const target of ["/healthz", "/api/runs", "/", "/none"]) {
        refused(await server.send(lines(`GET ${target} HTTP/1.1`, `Host: ${host}`)), 403, "host-refused");
      }
    },
  );

  test("two Hosts, none, or one in the address are refused", async () => {
    refused(
      await server.send(lines("GET /healthz HTTP/1.1", HOST, "Host: evil.example")),
      [400, 403],
      ["host-refused", "invalid-request"],
    );
    refused(await server.send(lines("GET /healthz HTTP/1.1")), [400, 403], ["host-refused", "invalid-request"]);
    refused(await server.send(lines("GET /healthz HTTP/1.0")), [400, 403], ["host-refused", "invalid-request"]);
    const inAddress = await server.send(lines("GET http://evil.example/healthz HTTP/1.1", "Host: evil.example"));
    refused(inAddress, [403, 404], ["host-refused", "not-found"]);
  });

  test.each(["http://evil.example", "null", "https://localhost.evil.example", "http://127.0.0.1:1"])(
    "a page of %s can do nothing",
    async (origin) => {
      const before = (await server.ask("/api/runs?limit=200")).body;
      refused(await post({ settings: { scene: "seed" } }, { origin }), 403, "origin-refused");
      refused(
        await server.ask(`/api/runs/${runId}/cancel`, { method: "POST", headers: { origin } }),
        403,
        "origin-refused",
      );
      refused(await server.ask(`/api/runs/${runId}`, { method: "DELETE", headers: { origin } }), 403, "origin-refused");
      const asked = {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      };
      const preflight = await server.ask("/api/runs", { method: "OPTIONS", headers: asked });
      refused(preflight, 403, "origin-refused");
      expect(preflight.headers["access-control-allow-origin"]).toBeUndefined();
      expect((await server.ask("/api/runs?limit=200")).body).toBe(before);
    },
  );

  test.each(["cross-site", "same-site", "anything"])("nor one whose browser says %s", async (site) => {
    const socket = await server.connect();
    const head = [`POST /api/runs/${runId}/cancel HTTP/1.1`, HOST, `Sec-Fetch-Site: ${site}`, "Content-Length: 0"];
    socket.write(lines(...head, "Sec-Fetch-Mode: navigate"));
    refused(await readAnswer(socket), 403, "origin-refused");
    socket.destroy();
  });

  test("wrong, revoked and foreign keys are refused, also here", async () => {
    for (const authorization of [
      `Bearer ${revokedKey}`,
      `Bearer ${readKey.slice(0, -2)}xx`,
      `Bearer ${readKey}x`,
      `Bearer vk_${"A".repeat(43)}`,
      `Basic ${Buffer.from(`user:${readKey}`).toString("base64")}`,
      `Bearer ' or 1=1 --`,
      "Bearer undefined",
      readKey,
    ]) {
      const answer = await server.ask("/api/runs", { headers: { authorization } });
      refused(answer, 401, "key-unknown");
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
      expect(answer.body).not.toContain(readKey);
    }
    expect((await server.ask("/api/runs", { headers: { authorization: `Bearer ${readKey}` } })).status).toBe(200);
  });

  test("a key that may read does nothing else, however it asks", async () => {
    const headers = { authorization: `Bearer ${readKey}` };
    for (const more of [
      {},
      { "x-http-method-override": "GET" },
      { "x-scope": "admin" },
      { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" },
      { "x-original-url": "/healthz", "x-rewrite-url": "/healthz" },
    ]) {
      refused(await post({ settings: { scene: "seed" } }, { ...headers, ...more }), 403, "scope-missing");
      const gone = await server.ask(`/api/runs/${runId}`, { method: "DELETE", headers: { ...headers, ...more } });
      refused(gone, 403, "scope-missing");
    }
    refused(
      await server.ask(`/api/runs/${runId}/cancel?key=${readKey}`, { method: "POST", headers }),
      403,
      "scope-missing",
    );
    expect((await server.ask(`/api/runs/${runId}`)).status).toBe(200);
  });

  test("a method in a header is not believed", async () => {
    for (const name of ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"]) {
      const answer = await server.ask(`/api/runs/${runId}?_method=DELETE`, { headers: { [name]: "DELETE" } });
      expect([200, 400]).toContain(answer.status);
    }
    expect((await server.ask(`/api/runs/${runId}`)).status).toBe(200);
    for (const method of ["TRACE", "CONNECT", "PATCH", "PROPFIND", "FOO", "get"]) {
      const socket = await server.connect();
      socket.write(lines(`${method} /api/runs/${runId} HTTP/1.1`, HOST));
      const answer = await readAnswer(socket).catch(() => null);
      if (answer) refused(answer, [400, 404, 405], ["invalid-request", "not-found", "method-not-allowed"]);
      socket.destroy();
    }
  });
});

describe("headers", () => {
  test.each([
    ["Idempotency-Key", "a\rb"],
    ["Idempotency-Key", "a\nSet-Cookie: b=c"],
    ["Idempotency-Key", "a\0b"],
    ["Idempotency-Key", "ä".repeat(10)],
    ["Idempotency-Key", "x".repeat(5000)],
    ["Idempotency-Key", ""],
    ["If-None-Match", "a\rb"],
  ])("%s: %.20j reaches no other header", async (name, value) => {
    const body = '{"settings":{"scene":"seed","frames":2}}';
    const socket = await server.connect();
    const head = ["POST /api/runs HTTP/1.1", HOST, "Content-Type: application/json", `Content-Length: ${body.length}`];
    socket.write(lines(...head, `${name}: ${value}`) + body, "latin1");
    const answer = await readAnswer(socket);
    socket.destroy();
    if (answer.status !== 202) refused(answer, [400, 413], ["invalid-request", "too-large"]);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  test("what a request calls itself is not taken over", async () => {
    const answer = await server.ask("/none", { headers: { "request-id": "forged", "x-request-id": "forged" } });
    expect(answer.body).not.toContain("forged");
  });

  test.each([
    ["an address of 100 000 letters", `GET /${"a".repeat(100_000)} HTTP/1.1\r\n${HOST}\r\n\r\n`],
    ["a query of 100 000 letters", `GET /api/runs?scene=${"a".repeat(100_000)} HTTP/1.1\r\n${HOST}\r\n\r\n`],
    ["a header of 100 000 letters", `GET /healthz HTTP/1.1\r\n${HOST}\r\nX: ${"a".repeat(100_000)}\r\n\r\n`],
    ["20 000 headers", `GET /healthz HTTP/1.1\r\n${HOST}\r\n${"X: y\r\n".repeat(20_000)}\r\n`],
  ])("%s is too large", async (_, request) => {
    const socket = await server.connect();
    socket.write(request);
    refused(await readAnswer(socket), 413, "too-large");
    socket.destroy();
  });

  test.each([
    ["both lengths of a body", "Content-Length: 4\r\nTransfer-Encoding: chunked"],
    ["a coding that is almost chunked", "Transfer-Encoding: xchunked"],
    ["two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"],
    ["a coding before chunked", "Transfer-Encoding: gzip, chunked"],
    ["chunked before another", "Transfer-Encoding: chunked, identity"],
    ["a blank before the colon", "Transfer-Encoding : chunked"],
    ["a folded header", "X: a\r\n Transfer-Encoding: chunked"],
    ["a line feed alone", "X: a\nTransfer-Encoding: chunked"],
  ])(
    "%s, which two servers may read differently, is refused, and so is what was hidden behind it",
    async (_, header) => {
      const { id } = JSON.parse((await post({ settings: { scene: "seed", frames: 2 } })).body);
      const socket = await server.connect();
      const first = lines("POST /api/runs HTTP/1.1", HOST, "Content-Type: application/json", header);
      socket.write(`${first}0\r\n\r\n${lines(`DELETE /api/runs/${id} HTTP/1.1`, HOST)}`);
      refused(await readAnswer(socket), [400, 415], ["invalid-request", "unsupported-media-type"]);
      socket.destroy();
      expect((await server.ask(`/api/runs/${id}`)).status).toBe(200);
    },
  );

  test.each([
    ["nothing that is HTTP", "\0\0\0\0\r\n\r\n"],
    ["the hello of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a version that there is not", lines("GET /healthz HTTP/9.9", HOST)],
    ["a line without a version", lines("GET /healthz", HOST)],
  ])("%s is told so", async (_, bytes) => {
    refused(await server.send(Buffer.from(bytes, "latin1")), 400, "invalid-request");
  });
});

describe("queries", () => {
  test.each([
    `?scene=${"%00"}`,
    "?scene=%ed%a0%80",
    "?limit=-1",
    "?limit=1e999",
    "?limit=NaN",
    "?limit=0x10",
    "?limit=1&limit=2",
    "?limit[]=1",
    "?limit[__proto__][x]=1",
    "?__proto__=1",
    "?constructor=1",
    "?cursor=%00%00",
    "?cursor=eyJfX3Byb3RvX18iOjF9",
    `?cursor=${"A".repeat(1999)}`,
    `?cursor=${"A".repeat(8000)}`,
    "?sort=id;drop%20table%20runs",
    "?sort=__proto__",
    "?order=sideways",
    "?status=queued&status=__proto__",
    `?${"status=queued&".repeat(900)}`,
    "?%",
    "?=&=&=",
  ])("/api/runs%s is answered or a problem", async (query) => {
    const answer = await server.ask(`/api/runs${query}`);
    if (answer.status !== 200) refused(answer, [400, 413], ["invalid-request", "bad-cursor", "too-large"]);
  });

  test.each([
    "bytes=-",
    "bytes=9-1",
    "bytes=99999999999999999999-",
    "bytes=0-0,1-1,2-2",
    "lines=1-2",
    "bytes=a-b",
    "bytes=--1",
    `bytes=${"0-0,".repeat(2000)}`,
  ])("Range: %s of a run without an animation is a problem", async (range) => {
    refused(await server.ask(`/api/runs/${runId}/animation.gif`, { headers: { range } }), 404, "no-result");
  });

  test.each(["-1", "NaN", "1e99", "99999999999999999999", "0x1", "1.5", "", "1 or 1=1", "%00", "\u00e9", "1,2"])(
    "an event id that was never given is refused: %j",
    async (forged) => {
      for (const [path, headers] of [
        [`/api/runs/${runId}/events`, { "last-event-id": forged }],
        [`/api/runs/${runId}/events?after=${encodeURIComponent(forged)}`, {}],
      ] as const) {
        const ended = new AbortController();
        const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers, signal: ended.signal });
        const stream = response.headers.get("content-type")?.startsWith("text/event-stream");
        // Empty is what a client has that knows none.
        if (stream) expect(forged).toBe("");
        else expect([400, 404]).toContain(response.status);
        ended.abort();
      }
    },
  );
});
