import { describe, expect, test } from "vitest";
import { request, WORKER } from "../../queue/fixtures/queues.ts";
import { onEachDatabase, withServer as onSqlite, type TestServer } from "../fixtures/servers.ts";
import { openReadiness, type Readiness } from "../readiness.ts";

const bad = ({ checks }: Readiness) => checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail]);

async function probe({ app }: TestServer): Promise<[number, [string, string][]]> {
  const response = await app.inject("/readyz");
  return [response.statusCode, bad(response.json()) as [string, string][]];
}

onEachDatabase((withServer) => {
  test("a server that can take runs is ready, and says of each part why", () =>
    withServer({}, async ({ app, context }) => {
      await context.queue.submit(request());
      const response = await app.inject("/readyz");
      expect([response.statusCode, response.json()]).toEqual([
        200,
        {
          ready: true,
          checks: [
            { name: "database", ok: true, detail: "it can be written" },
            { name: "disk", ok: true, detail: "how much is free is not known here" },
            { name: "queue", ok: true, detail: "1 wait of at most 1000, 0 are being made" },
            { name: "worker", ok: true, detail: "runs are made elsewhere" },
          ],
        },
      ]);
    }));

  test("asking leaves no trace in the database", () =>
    withServer({}, async ({ app, context }) => {
      await context.queue.submit(request());
      await app.inject("/readyz");
      expect((await context.queue.submit(request())).job.number).toBe(2);
    }));

  test("without its database it is not ready, but answers that it lives", () =>
    withServer({}, async (server) => {
      await server.context.store.close();
      const [status, problems] = await probe(server);
      expect([status, problems.map(([name]) => name)]).toEqual([503, ["database", "queue"]]);
      expect((await server.app.inject("/healthz")).json()).toEqual({ ok: true });
    }));
});

describe("readiness", () => {
  test("a full queue is not ready", () =>
    onSqlite({ queue: { mostQueued: 1 } }, async (server) => {
      await server.context.queue.submit(request());
      expect(await probe(server)).toEqual([503, [["queue", "1 wait of at most 1, 0 are being made"]]]);
    }));

  test("a disk below what is kept is not ready, at exactly that it is", async () => {
    for (const [free, status] of [
      [100, 200],
      [99, 503],
    ] as const) {
      const queue = { reserveBytes: 100, freeBytes: async () => free };
      await onSqlite({ queue }, async (server) => {
        expect(await probe(server)).toEqual([
          status,
          status === 200 ? [] : [["disk", "99 bytes are free, and 100 are kept"]],
        ]);
      });
    }
  });

  test("a disk that can't be measured is not ready, with the reason", () => {
    const freeBytes = async () => {
      throw new Error("ENOENT: the folder is gone");
    };
    return onSqlite({ queue: { freeBytes } }, async (server) => {
      expect(await probe(server)).toEqual([503, [["disk", "ENOENT: the folder is gone"]]]);
    });
  });

  test("a part that does not answer is not ready, and the others are told all the same", () =>
    onSqlite({ queue: { freeBytes: () => new Promise(() => undefined) } }, async (server) => {
      expect(await probe(server)).toEqual([503, [["disk", "it has not answered for 1500 ms"]]]);
    }));

  test("a worker that has ended, and a server that shuts down, are not ready", () =>
    onSqlite({ context: { workerAlive: () => false } }, async (server) => {
      expect(await probe(server)).toEqual([503, [["worker", "it has ended; the log says why"]]]);
      server.close();
      expect(await probe(server)).toEqual([503, [["worker", "the server is shutting down"]]]);
    }));

  test("a queue whose first run nobody takes for half a minute is stuck; one that moves, or waits for its machine, is not", () =>
    onSqlite({}, async ({ context }) => {
      const { queue } = context;
      let nowMs = 0;
      const look = openReadiness(context, () => nowMs);
      const at = async (ms: number) => {
        nowMs = ms;
        return bad(await look());
      };
      await queue.submit(request({ machine: "elsewhere" }));
      await at(0);
      expect(await at(60_000)).toEqual([]);
      await queue.submit(request());
      await queue.submit(request());
      expect(await at(70_000)).toEqual([]);
      expect(await at(99_999)).toEqual([]);
      expect(await at(100_500)).toEqual([["queue", "3 wait, and nobody has taken one for 31 s"]]);
      const claim = await queue.claim(WORKER);
      expect(await at(101_001)).toEqual([]);
      await queue.fail(claim!, { reason: "test", again: false, durationMs: 1 });
      expect(await at(102_000)).toEqual([]);
      expect(await at(131_999)).toEqual([]);
      expect(await at(132_600)).toHaveLength(1);
    }));

  test("many who ask at once share one look at the database", () =>
    onSqlite({}, async ({ context }) => {
      let looks = 0;
      const counted = { ...context, freeBytes: async () => ++looks };
      const look = openReadiness(counted, () => 0);
      await Promise.all(Array.from({ length: 100 }, look));
      expect(looks).toBe(1);
    }));
});
