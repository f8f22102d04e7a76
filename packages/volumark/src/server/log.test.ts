import { describe, expect, test } from "vitest";
import { withServer } from "./fixtures/servers.ts";
import { type LogLevel, loggerOptions } from "./log.ts";

type Line = Record<string, unknown>;

/** The lines that these requests leave. */
async function logOf(level: LogLevel, work: (app: Parameters<Parameters<typeof withServer>[1]>[0]) => Promise<void>) {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  await withServer({ app: { logger: loggerOptions({ stream, level }) } as never }, work);
  return { text: lines.join(""), lines: lines.map((line) => JSON.parse(line) as Line) };
}

describe("the log", () => {
  test("has one line of JSON a request, with the request's id, which the problem repeats, and the run's", async () => {
    let id = "";
    let requestId = "";
    const { lines } = await logOf("info", async ({ app }) => {
      const payload = { settings: { scene: "seed", frames: 2 } };
      id = (await app.inject({ method: "POST", url: "/api/runs", payload })).json().id;
      requestId = (await app.inject(`/api/runs/${"0".repeat(8)}?x=1`)).json().requestId;
    });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      level: "info",
      method: "POST",
      path: "/api/runs",
      route: "submitRun",
      run: id,
      status: 202,
    });
    expect(lines[1]).toMatchObject({ reqId: requestId, path: "/api/runs/00000000", run: "00000000", status: 404 });
    expect(Date.parse(lines[0]!.time as string)).not.toBeNaN();
  });

  test("has no key, no cookie, no query and no body in it, at any level and whatever goes wrong", async () => {
    const { text } = await logOf("trace", async ({ app, context }) => {
      const headers = { authorization: "Bearer hush-1", cookie: "hush-2" };
      await app.inject({ url: "/api/runs?key=hush-3", headers });
      await app.inject({ method: "POST", url: "/api/runs?key=hush-3", headers, payload: { settings: "hush-4" } });
      await context.store.close();
      await app.inject({ url: "/api/runs/00000000", headers: { cookie: "hush-2" } });
    });
    expect(text).toContain("request failed");
    expect(text).not.toContain("hush");
  });

  test("leaves probes and pages to debug", async () => {
    const work = async ({ app }: Parameters<Parameters<typeof withServer>[1]>[0]) => {
      for (const url of ["/healthz", "/readyz", "/nothing"]) await app.inject(url);
    };
    expect((await logOf("info", work)).lines).toEqual([]);
    expect((await logOf("debug", work)).lines.map(({ path }) => path)).toEqual(["/healthz", "/readyz", "/nothing"]);
  });

  test("shortens what a request says about itself, and a line stays a line", async () => {
    const { text, lines } = await logOf("debug", async ({ app }) => {
      await app.inject(`/${"x".repeat(5000)}%0a{"level":"fatal"}`);
    });
    expect(text.length).toBeLessThan(1000);
    expect(lines).toHaveLength(1);
  });
});
