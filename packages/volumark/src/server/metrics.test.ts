import { describe, expect, test } from "vitest";
import { request } from "../queue/fixtures/queues.ts";
import { withServer } from "./fixtures/servers.ts";

let asked: () => void;
const slowAsked = new Promise<void>((resolve) => {
  asked = resolve;
});

describe("metrics", () => {
  test("requests are counted by address and status, whatever paths and methods are tried", () =>
    withServer({}, async ({ app }) => {
      for (let i = 0; i < 50; i++) await app.inject(`/api/runs/run-${i}?x=${i}`);
      for (let i = 0; i < 50; i++) await app.inject(`/no/such/${i}`);
      await app.inject({ method: "OPTIONS", url: "/api/runs" });
      await app.inject("/healthz");
      const { headers, payload } = await app.inject("/metrics");
      expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
      const lines = payload.split("\n").filter((line) => line.startsWith("volumark_http_requests_total{"));
      expect(lines.sort()).toEqual([
        'volumark_http_requests_total{route="getRun",status="404"} 50',
        'volumark_http_requests_total{route="health",status="200"} 1',
        'volumark_http_requests_total{route="none",status="404"} 50',
        'volumark_http_requests_total{route="none",status="405"} 1',
      ]);
      expect(payload).toContain('volumark_http_request_duration_seconds_count{route="getRun"} 50');
      expect(payload).not.toContain("run-1");
    }));

  test("the queue, the streams and the process are there, and the text is one that Prometheus reads", () =>
    withServer({}, async ({ app, context }) => {
      const { job } = await context.queue.submit(request());
      const base = await app.listen({ host: "127.0.0.1", port: 0 });
      const stream = await fetch(`${base}/api/runs/${job.id}/events`);
      const { payload } = await app.inject("/metrics");
      await stream.body!.cancel();
      expect(payload).toContain('volumark_queue_jobs{status="queued"} 1\n');
      expect(payload).toContain('volumark_queue_jobs{status="running"} 0\n');
      expect(payload).toContain("volumark_event_streams 1\n");
      for (const name of [
        "nodejs_eventloop_lag_p99_seconds",
        "process_resident_memory_bytes",
        "process_cpu_seconds_total",
      ])
        expect(payload).toContain(`\n${name} `);
      const odd = payload
        .split("\n")
        .filter((line) => line !== "" && !/^# (HELP|TYPE) \w+ .+$/.test(line))
        .filter((line) => !/^\w+(\{\w+="[^"\n]*"(,\w+="[^"\n]*")*\})? (-?[\d.e+-]+|NaN)$/i.test(line));
      expect(odd).toEqual([]);
    }));

  test("a stream that its reader left is counted with its 200, one that ended once, and a request that was given up with 499", () =>
    withServer(
      {
        addRoutes: (app) =>
          app.get("/slow", { config: { route: "slow", scope: null } }, async (_, reply) => {
            asked();
            await new Promise((resolve) => reply.raw.once("close", resolve));
            return reply.hijack();
          }),
      },
      async ({ app, context }) => {
        const { job } = await context.queue.submit(request());
        const base = await app.listen({ host: "127.0.0.1", port: 0 });
        const left = await fetch(`${base}/api/runs/${job.id}/events`);
        await left.body!.cancel();
        const ended = await fetch(`${base}/api/runs/${job.id}/events`);
        await context.queue.cancel(job.id);
        await ended.text();
        const giveUp = new AbortController();
        const given = fetch(`${base}/slow`, { signal: giveUp.signal });
        await slowAsked;
        giveUp.abort();
        await expect(given).rejects.toThrow();
        const counted = async () =>
          (await app.inject("/metrics")).payload
            .split("\n")
            .filter((line) => line.startsWith("volumark_http_requests_total{") && /runEvents|slow/.test(line))
            .sort();
        const wanted = [
          'volumark_http_requests_total{route="runEvents",status="200"} 2',
          'volumark_http_requests_total{route="slow",status="499"} 1',
        ];
        for (let i = 0; i < 100 && (await counted()).length < 2; i++) await new Promise((go) => setTimeout(go, 10));
        expect(await counted()).toEqual(wanted);
      },
    ));

  test("without its database the server tells the other numbers", () =>
    withServer({}, async ({ app, context }) => {
      await context.store.close();
      const { statusCode, payload } = await app.inject("/metrics");
      expect(statusCode).toBe(200);
      expect(payload).not.toContain('volumark_queue_jobs{status="queued"}');
      expect(payload).toContain("volumark_event_streams 0\n");
    }));
});
