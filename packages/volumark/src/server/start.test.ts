import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { madeRun } from "../queue/fixtures/queues.ts";
import type { Made, MakeJob } from "../queue/make-in-process.ts";
import { withFolder } from "../store/fixtures/stores.ts";
import { openStore } from "../store/store.ts";
import { type RunningServer, type StartOptions, startServer } from "./start.ts";

const TINY = { scene: "seed", dimension: 8, width: 16, height: 12, frames: 2 };

/** A job that ends when it is told to, or when it is killed. */
function handMade() {
  let end: (made: Made) => void = () => undefined;
  let begun: () => void = () => undefined;
  const isMade = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const make: MakeJob = () => {
    const made = new Promise<Made>((resolve) => {
      end = resolve;
    });
    begun();
    return { made, stop: () => undefined, kill: () => end({ kind: "crashed", reason: "it was killed" }) };
  };
  const finish = async () => {
    end({ kind: "run", status: "done", problem: "", ...(await madeRun("0af1c2d3-0000-4000-8000-000000000001")) });
  };
  return { make, isMade, finish };
}

const start = (dataFolder: string, options: StartOptions = {}) =>
  startServer({ port: 0, dataFolder, log: null, webFolder: null, ...options });

async function submit({ address }: RunningServer): Promise<string> {
  const response = await fetch(`${address}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ settings: TINY }),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

async function jobIn(dataFolder: string, id: string) {
  const store = await openStore({ path: join(dataFolder, "runs.db") });
  try {
    return await store.db.selectFrom("jobs").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  } finally {
    await store.close();
  }
}

function connections({ app }: RunningServer): Promise<number> {
  return new Promise((resolve) => app.server.getConnections((_, count) => resolve(count)));
}

describe("a server that is closed", () => {
  test("puts the run back that is not done within the grace, ends its streams, and leaves the address free", () =>
    withFolder(async (folder) => {
      const { make, isMade } = handMade();
      const server = await start(folder, { graceMs: 50, worker: { make } });
      const id = await submit(server);
      const stream = await fetch(`${server.address}/api/runs/${id}/events`);
      await isMade;
      await Promise.all([server.close("test"), server.close("twice")]);
      expect(await stream.text()).toContain("event: started");
      expect(await jobIn(folder, id)).toMatchObject({
        status: "queued",
        attempts: 0,
        token: null,
        reason: "its worker was shut down",
      });
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(Number(new URL(server.address).port), "127.0.0.1", resolve));
      await new Promise((resolve) => other.close(resolve));
    }));

  test("stores the run that is done within the grace; meanwhile it takes nothing and tells that it lives", () =>
    withFolder(async (folder) => {
      const { make, isMade, finish } = handMade();
      const server = await start(folder, { graceMs: 60_000, worker: { make } });
      const id = await submit(server);
      await isMade;
      const closed = server.close("test");
      const refused = await fetch(`${server.address}/api/runs/${id}`);
      expect([refused.status, await refused.json()]).toMatchObject([503, { code: "shutting-down" }]);
      expect((await fetch(`${server.address}/healthz`)).status).toBe(200);
      expect((await fetch(`${server.address}/readyz`)).status).toBe(503);
      await finish();
      await closed;
      expect(await jobIn(folder, id)).toMatchObject({ status: "finished", attempts: 1 });
    }));

  test("does not wait for who has connected and says nothing", () =>
    withFolder(async (folder) => {
      const server = await start(folder, { makesRuns: false });
      const { port } = new URL(server.address);
      const sockets = [
        "",
        "POST /api/",
        `POST /api/runs HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: 9\r\n\r\n{`,
      ].map((text) => {
        const socket = connect(Number(port), "127.0.0.1");
        socket.write(text);
        return socket;
      });
      const gone = sockets.map(
        (socket) =>
          new Promise((resolve) =>
            socket
              .on("error", () => undefined)
              .on("close", resolve)
              .resume(),
          ),
      );
      while ((await connections(server)) < sockets.length) await sleep(5);
      await server.close("test");
      await Promise.all(gone);
    }));
});

describe("a server", () => {
  test("makes no runs where it is told so, and says so", () =>
    withFolder(async (folder) => {
      const server = await start(folder, { makesRuns: false });
      const id = await submit(server);
      const ready = (await (await fetch(`${server.address}/readyz`)).json()) as { checks: { detail: string }[] };
      expect(ready.checks.at(-1)!.detail).toBe("runs are made elsewhere");
      await server.close("test");
      expect((await jobIn(folder, id)).attempts).toBe(0);
    }));

  test("that finds its address taken says so, and leaves nothing running", () =>
    withFolder(async (folder) => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const { port } = other.address() as AddressInfo;
      await expect(start(folder, { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
      await new Promise((resolve) => other.close(resolve));
      const server = await start(folder, { port });
      await server.close("test");
    }));

  test("measures the disk that its data lie on", () =>
    withFolder(async (folder) => {
      const server = await start(folder, { makesRuns: false });
      expect(await server.context.freeBytes()).toBeGreaterThan(0);
      await server.close("test");
    }));
});
