import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { describe, expect, test } from "vitest";
import { createClient } from "../../api/client.ts";
import { type RunEventView, runEventSchema } from "../../api/run-events.ts";
import { EventReader } from "../../api/sse.ts";
import { madeRun, request, WORKER } from "../../queue/fixtures/queues.ts";
import type { JobQueue } from "../../queue/queue.ts";
import { ownRecord } from "../../store/fixtures/stores.ts";
import { onEachDatabase, withServer as onSqlite } from "../fixtures/servers.ts";

const DONE = { status: "finished", reason: null, durationMs: 40 } as const;
const frames = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ kind: "frame", data: { frame: from + i } }) as const);

/** A run with the events queued, started, three frames, finished. */
async function finished(queue: JobQueue): Promise<string> {
  const { job } = await queue.submit(request());
  const claim = await queue.claim(WORKER);
  await queue.report(claim!, frames(0, 3), 3);
  await queue.finish(claim!, await madeRun("0af1c2d3-0000-4000-8000-000000000001"), DONE);
  return job.id;
}

async function events(app: FastifyInstance, url: string, headers = {}) {
  const { statusCode, payload } = await app.inject({ url, headers });
  const read = [...new EventReader().read(payload)];
  return { status: statusCode, payload, events: read.map(({ data }) => runEventSchema.parse(JSON.parse(data))) };
}

const KINDS = ["queued", "started", "frame", "frame", "frame", "finished"];

onEachDatabase((withServer) => {
  describe("a run's events", () => {
    test("the whole log of a run that has ended is sent in order, and the stream ends", () =>
      withServer({}, async ({ app, context }) => {
        const id = await finished(context.queue);
        const found = await events(app, `/api/runs/${id.slice(0, 8)}/events`);
        expect(found.events.map(({ kind }) => kind)).toEqual(KINDS);
        expect(found.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
      }));

    test("they go on after Last-Event-ID, or after the number in the address where there is none", () =>
      withServer({}, async ({ app, context }) => {
        const url = `/api/runs/${await finished(context.queue)}/events`;
        const after = async (query: string, headers = {}) =>
          (await events(app, url + query, headers)).events.map(({ sequence }) => sequence);
        expect(await after("", { "last-event-id": "4" })).toEqual([5, 6]);
        expect(await after("?after=2")).toEqual([3, 4, 5, 6]);
        expect(await after("?after=2", { "last-event-id": "5" })).toEqual([6]);
        expect(await after("?after=5", { "last-event-id": "" })).toEqual([6]);
      }));

    test("after the last event of a run that has ended there is nothing to come back for", () =>
      withServer({}, async ({ app, context }) => {
        const url = `/api/runs/${await finished(context.queue)}/events`;
        expect(await events(app, url, { "last-event-id": "6" })).toMatchObject({ status: 204, payload: "" });
      }));

    test("a forged event id is refused, in the header and in the address", () =>
      withServer({}, async ({ app, context }) => {
        const url = `/api/runs/${await finished(context.queue)}/events`;
        const ask = async (query: string, headers: Record<string, string>) => {
          const { statusCode, payload } = await app.inject({ url: url + query, headers });
          return [statusCode, JSON.parse(payload).code];
        };
        for (const forged of ["7", "-1", "1.5", "1e3", "0x1", "x", "999999999999", "1,2", "__proto__"])
          expect(await ask("", { "last-event-id": forged }), forged).toEqual([400, "bad-event-id"]);
        expect(await ask("?after=7", {})).toEqual([400, "bad-event-id"]);
        for (const query of ["after=-1", "after=1.5", "after=x", "after=99999999999999999999", "pictures=yes"])
          expect(await ask(`?${query}`, {}), query).toEqual([400, "invalid-request"]);
      }));

    test("a record has none, and what is not there is 404", () =>
      withServer({}, async ({ app, context }) => {
        await context.store.add(await ownRecord({ id: "record-a" }));
        for (const [id, code] of [
          ["record-a", "no-result"],
          ["beef0000", "unknown-run"],
        ]) {
          const { statusCode, payload } = await app.inject(`/api/runs/${id}/events`);
          expect([statusCode, JSON.parse(payload).code]).toEqual([404, code]);
        }
      }));

    test("whoever follows sees each event once as it comes, through streams that break and a job that is put back", () =>
      withServer({}, async ({ app, context }) => {
        const { queue } = context;
        const { job } = await queue.submit(request());
        const base = await app.listen({ host: "127.0.0.1", port: 0 });
        // Every stream is cut after some bytes, in the middle of an event or between two.
        let cut = 150;
        const cutting: typeof fetch = async (input, init) => {
          const response = await fetch(input, init);
          if (!response.body) return response;
          let left = cut;
          cut = cut * 2 + 37;
          const body = response.body.pipeThrough(
            new TransformStream<Uint8Array, Uint8Array>({
              transform(chunk, controller) {
                controller.enqueue(chunk.subarray(0, left));
                left -= chunk.length;
                if (left <= 0) controller.terminate();
              },
            }),
          );
          return new Response(body, { status: response.status, headers: response.headers });
        };
        const seen: RunEventView[] = [];
        const following = (async () => {
          for await (const event of createClient({ baseUrl: base, fetch: cutting }).follow(job.id)) seen.push(event);
        })();
        const until = async (count: number) => {
          while (seen.length < count) await sleep(5);
        };
        await until(1);
        const first = await queue.claim(WORKER);
        await queue.report(first!, frames(0, 5), 5);
        await until(4);
        await queue.release(first!, "test");
        const second = await queue.claim(WORKER);
        await queue.report(second!, frames(0, 20), 20);
        await queue.finish(second!, await madeRun("0af1c2d3-0000-4000-8000-000000000001"), DONE);
        await following;
        expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
        expect(seen.at(-1)!.kind).toBe("finished");
      }));
  });
});

describe("an event stream", () => {
  test("ends when its run is removed", () =>
    onSqlite({}, async ({ app, context }) => {
      const { job } = await context.queue.submit(request());
      const base = await app.listen({ host: "127.0.0.1", port: 0 });
      const response = await fetch(`${base}/api/runs/${job.id}/events`);
      await context.queue.remove(job.id);
      expect(await response.text()).toContain("event: queued");
    }));

  test("ends when the server closes, which then takes no other", () =>
    onSqlite({}, async ({ app, context, close }) => {
      const { job } = await context.queue.submit(request());
      const base = await app.listen({ host: "127.0.0.1", port: 0 });
      const url = `${base}/api/runs/${job.id}/events`;
      const response = await fetch(url);
      close();
      expect(await response.text()).toContain("event: queued");
      expect((await fetch(url)).status).toBe(503);
    }));

  test("beyond the bound is refused, with when to try again", () =>
    onSqlite({ limits: { mostStreams: 1 } }, async ({ app, context }) => {
      const { job } = await context.queue.submit(request());
      const base = await app.listen({ host: "127.0.0.1", port: 0 });
      const url = `${base}/api/runs/${job.id}/events`;
      const first = await fetch(url);
      const second = await fetch(url);
      expect([second.status, second.headers.get("retry-after")]).toEqual([503, "5"]);
      expect(await second.json()).toMatchObject({ code: "too-many-streams", data: { open: 1, limit: 1 } });
      await first.body!.cancel();
      for (let status = 503; status !== 200; ) {
        const again = await fetch(url);
        status = again.status;
        await again.body!.cancel();
      }
    }));

  test("has the headers of every answer, and none at all for HEAD", () =>
    onSqlite({}, async ({ app, context }) => {
      const { job } = await context.queue.submit(request());
      const base = await app.listen({ host: "127.0.0.1", port: 0 });
      const url = `${base}/api/runs/${job.id}/events`;
      const response = await fetch(url);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      await response.body!.cancel();
      const head = await fetch(url, { method: "HEAD" });
      expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    }));
});
