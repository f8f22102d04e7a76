/** Who is let in, asked without a socket; `tests/attacks.test.ts` asks a listening server. */
import type { InjectOptions } from "fastify";
import { describe, expect, test } from "vitest";
import { openKeys } from "../../keys/keys.ts";
import { type TestServer, withServer } from "../fixtures/servers.ts";
import type { AccessOptions } from "./guard.ts";

const withAccess = (access: AccessOptions, work: (server: TestServer) => Promise<void>) =>
  withServer({ context: { access } }, work);

const OUTSIDE = { host: "192.168.1.5" };

async function ask({ app }: TestServer, headers: Record<string, string> = {}, more: InjectOptions = {}) {
  const response = await app.inject({ url: "/api/none", ...more, headers: { host: "localhost", ...headers } });
  const type = String(response.headers["content-type"]);
  return {
    status: response.statusCode,
    code: type.startsWith("application/problem+json") ? response.json().code : null,
    headers: response.headers,
  };
}

describe("Host", () => {
  test.each([
    ["localhost", {}],
    ["LOCALHOST", {}],
    ["127.0.0.1", {}],
    ["[::1]", {}],
    ["192.168.1.5", OUTSIDE],
    ["studio.example", { names: ["studio.example"] }],
    ["studio.example:9000", { names: ["studio.example"] }],
    ["studio.example:9000", { names: ["Studio.Example:9000"] }],
    ["[fe80::1]", { host: "fe80::1" }],
  ])("%s is let in with %j", (host, access) =>
    withAccess(access, async (server) => {
      expect((await ask(server, { host }, { url: "/healthz" })).status).toBe(200);
    }),
  );

  test.each([
    ["evil.example", {}],
    ["127.0.0.1.evil.example", {}],
    ["localhost.evil.example", {}],
    ["localhost.", {}],
    ["user@localhost", {}],
    ["localhost:", {}],
    ["localhost:80:80", {}],
    ["[::1", {}],
    ["127.1", {}],
    ["2130706433", {}],
    ["192.168.1.6", OUTSIDE],
    ["studio.example:9001", { names: ["studio.example:9000"] }],
    ["other.studio.example", { names: ["studio.example"] }],
  ])("%s is refused with %j", (host, access) =>
    withAccess(access, async (server) => {
      expect(await ask(server, { host }, { url: "/healthz" })).toMatchObject({ status: 403, code: "host-refused" });
    }),
  );
});

describe("origins", () => {
  test.each([
    [{ origin: "http://localhost" }],
    [{ origin: "https://localhost", host: "localhost:443" }],
    [{ origin: "http://localhost", "sec-fetch-site": "same-origin" }],
    [{ "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }],
  ])("%j may ask", (headers) =>
    withAccess({ names: ["localhost"] }, async (server) => {
      expect((await ask(server, headers, { url: "/healthz" })).status).toBe(200);
    }),
  );

  test.each([
    [{ origin: "http://evil.example" }],
    [{ origin: "null" }],
    [{ origin: "http://localhost:3000" }],
    [{ origin: "http://127.0.0.1" }],
    [{ origin: "http://localhost.evil.example" }],
    [{ origin: "http://localhost/" }],
    [{ origin: "file://localhost" }],
    [{ origin: "" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site" }],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
  ])("%j is refused, whatever it asks for", (headers) =>
    withAccess({}, async (server) => {
      for (const method of ["GET", "POST", "DELETE", "OPTIONS"] as const) {
        const answer = await ask(server, headers, { method, url: "/healthz" });
        expect(answer).toMatchObject({ status: 403, code: "origin-refused" });
        expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      }
    }),
  );

  test("a form of another page that is sent by navigating is refused", () =>
    withAccess({}, async (server) => {
      const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
      expect(await ask(server, headers, { method: "POST", url: "/api/runs" })).toMatchObject({
        code: "origin-refused",
      });
    }));

  test("an origin that was allowed may ask, and only that very one", () =>
    withAccess({ origins: ["https://studio.example"] }, async (server) => {
      const headers = { origin: "https://studio.example", "sec-fetch-site": "cross-site" };
      const answer = await ask(server, headers, { url: "/healthz" });
      expect(answer.status).toBe(200);
      expect(answer.headers["access-control-allow-origin"]).toBe("https://studio.example");
      expect(answer.headers.vary).toBe("Origin");
      const before = await ask(server, headers, { method: "OPTIONS", url: "/api/runs" });
      expect(before.status).toBe(204);
      expect(before.headers["access-control-allow-methods"]).toContain("DELETE");
      for (const origin of ["http://studio.example", "https://studio.example:444", "https://studio.example.evil"])
        expect(await ask(server, { origin }, { url: "/healthz" })).toMatchObject({ code: "origin-refused" });
      expect((await ask(server, {}, { url: "/healthz" })).headers.vary).toBe("Origin");
    }));
});

describe("keys", () => {
  /** Addresses of each scope, on the app of the test. */
  const scoped = (access: AccessOptions, work: (server: TestServer) => Promise<void>) =>
    withServer({ context: { access }, addRoutes: addScoped }, work);
  const addScoped = (app: TestServer["app"]) => {
    for (const scope of ["read", "run", "admin"] as const)
      app.get(`/test/${scope}`, { config: { scope } }, async () => ({ ok: true }));
    app.get("/test/forgotten", async () => ({ ok: true }));
  };
  const statuses = async (server: TestServer, headers: Record<string, string>) => {
    const found: number[] = [];
    for (const name of ["read", "run", "admin", "forgotten"])
      found.push((await ask(server, headers, { url: `/test/${name}` })).status);
    return found;
  };
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

  test("on the loopback nobody needs one, and a wrong one is refused all the same", () =>
    scoped({}, async (server) => {
      expect(await statuses(server, {})).toEqual([200, 200, 200, 200]);
      const { secret } = await openKeys({ store: server.context.store }).add("ci", "read");
      for (const authorization of [
        `Bearer ${secret.replace(/.(?=.{20}$)/, (one) => (one === "a" ? "b" : "a"))}`,
        "Bearer",
        "Bearer ",
        "",
        `Basic ${Buffer.from(`x:${secret}`).toString("base64")}`,
        secret,
        `Bearer ${secret} ${secret}`,
        `Bearer ${"x".repeat(5000)}`,
      ]) {
        const answer = await ask(server, { authorization }, { url: "/test/read" });
        expect(answer, authorization).toMatchObject({ status: 401, code: "key-unknown" });
        expect(answer.headers["www-authenticate"]).toContain("Bearer");
      }
      expect(await statuses(server, bearer(secret))).toEqual([200, 403, 403, 403]);
    }));

  test.each([
    ["a server that listens elsewhere", OUTSIDE, {}],
    ["one that was told to ask everybody", { requireKeys: true }, {}],
    ["a proxy in front", {}, { "x-forwarded-for": "127.0.0.1" }],
    ["a proxy in front that says so otherwise", {}, { forwarded: "for=127.0.0.1" }],
    ["a name that others reach it by", { names: ["studio.example"] }, { host: "studio.example" }],
  ] as const)("%s needs one", (_, access, headers) =>
    scoped(access, async (server) => {
      expect(await statuses(server, headers)).toEqual([401, 401, 401, 401]);
      const answer = await ask(server, headers, { url: "/test/run" });
      expect(answer.code).toBe("key-needed");
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="volumark"');
      expect((await ask(server, headers, { url: "/healthz" })).status).toBe(200);
      const { secret } = await openKeys({ store: server.context.store }).add("ci", "run");
      expect(await statuses(server, { ...headers, ...bearer(secret) })).toEqual([200, 200, 403, 403]);
    }),
  );

  test("each scope allows what those before it do, and a revoked key nothing", () =>
    scoped(OUTSIDE, async (server) => {
      const keys = openKeys({ store: server.context.store });
      const made = { read: [200, 403, 403, 403], run: [200, 200, 403, 403], admin: [200, 200, 200, 200] } as const;
      for (const [scope, wanted] of Object.entries(made)) {
        const { key, secret } = await keys.add(scope, scope as keyof typeof made);
        await keys.revoke(key.id);
        expect(await statuses(server, bearer(secret))).toEqual([401, 401, 401, 401]);
        const live = await keys.add(scope, scope as keyof typeof made);
        expect(await statuses(server, bearer(live.secret))).toEqual(wanted);
      }
      const refused = await ask(server, bearer((await keys.add("r", "read")).secret), { url: "/test/run" });
      expect(refused).toMatchObject({ status: 403, code: "scope-missing" });
    }));
});

describe("limits", () => {
  const addRoutes = (app: TestServer["app"]) => app.get("/test", { config: { scope: "read" } }, async () => ({}));

  test("who asks too often is told when to come back, and others are not held up", () =>
    withServer({ context: { access: OUTSIDE }, limits: { requestsPerMinute: 60 }, addRoutes }, async (server) => {
      const keys = openKeys({ store: server.context.store });
      const [one, two] = [await keys.add("one", "read"), await keys.add("two", "read")];
      const as = (secret: string) => ask(server, { authorization: `Bearer ${secret}` }, { url: "/test" });
      const found: number[] = [];
      for (let i = 0; i < 65; i++) found.push((await as(one.secret)).status);
      expect(found.slice(0, 60)).toEqual(Array(60).fill(200));
      const refused = await as(one.secret);
      expect(refused).toMatchObject({ status: 429, code: "too-many-requests" });
      expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(1);
      expect((await as(two.secret)).status).toBe(200);
      expect((await ask(server, {}, { url: "/healthz" })).status).toBe(200);
    }));

  test("who guesses keys is soon not answered by the database any more", () =>
    withServer({ context: { access: OUTSIDE }, limits: { requestsPerMinute: 200 }, addRoutes }, async (server) => {
      const guess = () => ask(server, { authorization: `Bearer vk_${"x".repeat(43)}` }, { url: "/test" });
      const found: (string | null)[] = [];
      for (let i = 0; i < 6; i++) found.push((await guess()).code);
      expect(found).toEqual([...Array(4).fill("key-unknown"), ...Array(2).fill("too-many-requests")]);
    }));
});

test("every answer has the headers that keep pages of others out, also the refused ones", () =>
  withAccess({}, async (server) => {
    for (const [headers, url] of [
      [{}, "/healthz"],
      [{}, "/api/none"],
      [{ host: "evil.example" }, "/healthz"],
      [{}, "/api/runs/%zz"],
      [{}, `/api/runs/${"x".repeat(1000)}`],
    ] as const) {
      const answer = await ask(server, headers, { url });
      expect(answer.headers["content-security-policy"], url).toContain("default-src 'none'");
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
      expect(answer.headers["cross-origin-opener-policy"]).toBe("same-origin");
      expect(answer.headers["cross-origin-embedder-policy"]).toBe("require-corp");
      expect(answer.headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(answer.headers.server).toBeUndefined();
      expect(answer.headers["x-powered-by"]).toBeUndefined();
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
  }));
