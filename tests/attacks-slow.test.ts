/** Who is slow on purpose: told so and cut off in time, while others are answered. */
import type { Socket } from "node:net";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { openKeys } from "../packages/volumark/src/keys/keys.ts";
import { type TestServer, withServer } from "../packages/volumark/src/server/fixtures/servers.ts";
import { serverOptions } from "../packages/volumark/src/server/guard/connections.ts";
import { SERVER_LIMITS } from "../packages/volumark/src/server/limits.ts";
import { readAnswer } from "./attack-server.ts";

/** The real ones are some seconds. */
const TIMEOUTS = { headersMs: 300, requestMs: 600, keepAliveMs: 300, idleMs: 5000, checkMs: 50 };

const listening = (work: (server: TestServer, port: number) => Promise<void>) =>
  withServer({ app: serverOptions(SERVER_LIMITS, TIMEOUTS), addRoutes }, async (server) => {
    const { port } = new URL(await server.app.listen({ port: 0, host: "127.0.0.1" }));
    await work(server, Number(port));
  });

/** An answer that goes on for as long as its reader likes. */
function addRoutes(app: TestServer["app"]): void {
  app.get("/test/stream", { config: { scope: null } }, async (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "text/event-stream" });
    const timer = setInterval(() => reply.raw.write(": alive\n\n"), 20);
    request.raw.socket.on("close", () => clearInterval(timer));
  });
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });
const closed = (socket: Socket) => new Promise<void>((resolve) => socket.on("close", () => resolve()));
const drip = (socket: Socket, text: string) => setInterval(() => !socket.destroyed && socket.write(text), 20);

describe("is told and cut off", () => {
  test.each([
    ["headers that never end", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n", "X: y\r\n"],
    ["a first line that never ends", "GET /", "a"],
    [
      "a body that comes byte by byte",
      "POST /api/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
      " ",
    ],
    [
      "chunks that come byte by byte",
      "POST /api/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
      "1\r\n \r\n",
    ],
  ])("%s", (_, head, more) =>
    listening(async ({ app }, port) => {
      const socket = await open(port);
      const answer = readAnswer(socket);
      socket.write(head);
      const timer = drip(socket, more);
      try {
        expect(await answer).toMatchObject({ status: 408, code: "request-timeout" });
        await closed(socket);
        expect((await app.inject("/healthz")).statusCode).toBe(200);
      } finally {
        clearInterval(timer);
        socket.destroy();
      }
    }),
  );

  test.each([
    ["who says nothing", ""],
    ["who says nothing more", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"],
  ])("%s", (_, first) =>
    listening(async (__, port) => {
      const sockets = await Promise.all(Array.from({ length: 50 }, () => open(port)));
      for (const socket of sockets) {
        socket.resume();
        socket.write(first);
      }
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      await Promise.all(sockets.map(closed));
    }),
  );
});

test("an answer under way is not cut into by the sentence that its request was too slow", () =>
  listening(async (_, port) => {
    const socket = await open(port);
    let text = "";
    socket.setEncoding("utf8").on("data", (piece) => {
      text += piece;
    });
    socket.write(
      "GET /test/stream HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n",
    );
    const timer = drip(socket, " ");
    await closed(socket);
    clearInterval(timer);
    expect(text).toContain(": alive");
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  }));

test("a stream that is open ends when its key is revoked, and nobody else's does", () =>
  withServer({ context: { access: { requireKeys: true } } }, async ({ app, context }) => {
    const keys = openKeys({ store: context.store });
    const [gone, stays] = [await keys.add("gone", "read"), await keys.add("stays", "read")];
    const settings = { scene: "seed", frames: 2 };
    const { job } = await context.queue.submit({ settings, settingsHash: "a", scene: "seed", frames: 2 });
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    const follow = (secret: string) =>
      fetch(`${address}/api/runs/${job.id}/events`, { headers: { authorization: `Bearer ${secret}` } });
    const [ends, goesOn] = [await follow(gone.secret), await follow(stays.secret)];
    expect([ends.status, goesOn.status]).toEqual([200, 200]);
    await keys.revoke(gone.key.id);
    await expect(ends.text()).rejects.toThrow();
    expect((await follow(gone.secret)).status).toBe(401);
    await context.queue.cancel(job.id);
    expect(await goesOn.text()).toContain("event: cancelled");
  }));
