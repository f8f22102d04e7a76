/** The client beside a server that breaks off, says no, or is no server of ours. */
import { describe, expect, test } from "vitest";
import { createClient, ServiceError } from "./client.ts";
import type { RunEventView } from "./run-events.ts";
import { eventText } from "./sse.ts";

const event = (sequence: number, kind: RunEventView["kind"] = "frame"): string =>
  eventText({ id: String(sequence), event: kind, data: JSON.stringify({ sequence, kind, at: "", data: {} }) });

/** A stream of these pieces that then ends, or breaks. */
function stream(pieces: readonly string[], breaks = false): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const [piece] = pieces;
      pieces = pieces.slice(1);
      if (piece !== undefined) controller.enqueue(encoder.encode(piece));
      else if (breaks) controller.error(new TypeError("terminated"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** Answers in turn; what was asked for is in `asked`. */
function answering(...answers: (() => Response)[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const client = createClient({
    baseUrl: "http://host:1/path/",
    key: "vk_secret",
    fetch: async (url, init = {}) => {
      asked.push({ url: String(url), init });
      const next = answers.shift();
      if (!next) throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
      return next();
    },
  });
  return { client, asked };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ code, status, title: "", type: "", detail: `It is ${code}.` }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

async function followed(client: ReturnType<typeof createClient>, breaks: (number | null)[] = []): Promise<number[]> {
  const seen: number[] = [];
  const onBreak = (waitMs: number | null) => void breaks.push(waitMs);
  for await (const { sequence } of client.follow("run-1", { onBreak })) seen.push(sequence);
  return seen;
}

describe("following a run", () => {
  test("ends with its last event, and asks with the key at the address that was given", async () => {
    const { client, asked } = answering(() => stream([event(1), event(2, "finished"), event(3)]));
    expect(await followed(client)).toEqual([1, 2]);
    expect(asked[0]?.url).toBe("http://host:1/path/api/runs/run-1/events?after=0&pictures=false");
    expect(asked[0]?.init.headers).toMatchObject({ authorization: "Bearer vk_secret", accept: "text/event-stream" });
  });

  test("goes on where a stream broke, in the middle of an event, without loss or repeat", async () => {
    const half = event(3);
    const { client, asked } = answering(
      () => stream([event(1) + event(2), half.slice(0, 20)], true),
      () => stream([event(2), half.slice(0, 10), half.slice(10), event(4, "cancelled")]),
    );
    const breaks: (number | null)[] = [];
    expect(await followed(client, breaks)).toEqual([1, 2, 3, 4]);
    expect(asked[1]?.url).toContain("after=2");
    expect(breaks).toEqual([250, null]);
  });

  test("waits as long as a server that shuts down says, and longer each time where nobody answers", async () => {
    const { client, asked } = answering(
      () => problem(503, "shutting-down", { "retry-after": "1" }),
      () => stream([]),
      () => stream([event(1, "failed")]),
    );
    const breaks: (number | null)[] = [];
    expect(await followed(client, breaks)).toEqual([1]);
    expect(breaks).toEqual([1000, null, 500, null]);
    expect(asked).toHaveLength(3);
  });

  test("what is refused is refused for good: no such run, no right", async () => {
    for (const [status, code] of [
      [404, "unknown-run"],
      [401, "key-unknown"],
    ] as const) {
      const { client, asked } = answering(() => problem(status, code));
      await expect(followed(client)).rejects.toMatchObject({ code, status });
      expect(asked).toHaveLength(1);
    }
  });

  test("ends without an error when it is no longer wanted, also while it waits", async () => {
    const stop = new AbortController();
    const { client } = answering();
    const seen: unknown[] = [];
    for await (const one of client.follow("run-1", { signal: stop.signal, onBreak: () => stop.abort() }))
      seen.push(one);
    expect(seen).toEqual([]);
  });
});

describe("what goes wrong", () => {
  test("a problem is its sentence, its code, its numbers and when to try again", async () => {
    const { client } = answering(() => problem(429, "queue-full", { "retry-after": "7" }));
    const error = await client.call("listRuns").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ message: "It is queue-full.", code: "queue-full", status: 429, retryAfterMs: 7000 });
  });

  test("an answer that breaks off in the middle is a server that can't be reached, not a short answer", async () => {
    const { client } = answering(
      () => stream(['{"ok":'], true),
      () => stream(["GIF89a"], true),
      () => stream(["GIF89a"]),
    );
    await expect(client.call("health")).rejects.toMatchObject({ code: "unreachable" });
    const input = { params: { id: "run-1" } };
    await expect(client.bytes("runAnimation", input)).rejects.toMatchObject({ code: "unreachable" });
    expect(Buffer.from(await client.bytes("runAnimation", input)).toString()).toBe("GIF89a");
  });

  test("nobody there, and somebody else there", async () => {
    const nobody = answering().client;
    await expect(nobody.call("health")).rejects.toMatchObject({
      code: "unreachable",
      status: 0,
      message: "reach http://host:1/path: connect ECONNREFUSED. Check the address and that the server runs.",
    });
    const { client } = answering(
      () => new Response("<h1>Hello</h1>", { status: 404, headers: { "content-type": "text/html" } }),
    );
    await expect(client.call("health")).rejects.toMatchObject({ code: "not-understood", status: 404 });
    const page = answering(() => new Response("<h1>Hello</h1>", { headers: { "content-type": "text/html" } })).client;
    await expect(page.call("health")).rejects.toMatchObject({ code: "not-understood", status: 200 });
  });
});
