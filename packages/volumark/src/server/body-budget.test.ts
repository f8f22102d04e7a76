import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withServer } from "./fixtures/servers.ts";

test("bodies that trickle in hold what they say they have, and no more are taken than fit", () =>
  withServer({ limits: { mostBodyBytes: 1000, mostBodiesBytes: 1500 } }, async ({ app }) => {
    const base = await app.listen({ host: "127.0.0.1", port: 0 });
    const url = `${base}/api/runs`;
    const headers = { "content-type": "application/json" };
    const slow = request(url, { method: "POST", headers: { ...headers, "content-length": "1000" } });
    slow.on("error", () => undefined);
    slow.write("{");
    const ask = async (body: string) => (await fetch(url, { method: "POST", headers, body })).status;
    const large = JSON.stringify({ filler: "x".repeat(600) });
    let status = 0;
    while (status !== 503) {
      await sleep(5);
      status = await ask(large);
    }
    const refused = await fetch(url, { method: "POST", headers, body: large });
    expect([refused.headers.get("retry-after"), await refused.json()]).toMatchObject([
      "1",
      { code: "busy", data: { held: 1000, bytes: large.length, limit: 1500 } },
    ]);
    // What fits beside it is taken; so is everything without a body.
    expect(await ask("{}")).toBe(400);
    expect((await fetch(url)).status).toBe(200);
    slow.destroy();
    while (status !== 400) status = await ask(large);
  }));
