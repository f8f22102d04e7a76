import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { EventReader, type ServerSentEvent } from "../api/sse.ts";
import type { JobEvent } from "../queue/job-types.ts";
import { type EventStreams, openEventStreams } from "./event-streams.ts";

const frame = (sequence: number, data: object = {}): JobEvent => ({
  sequence,
  kind: "frame",
  at: "2026-11-24T10:00:00.000Z",
  data: { frame: sequence, ...data },
});

/** A server whose every answer is a stream of these events. */
async function withStreams(
  streams: EventStreams,
  parts: (signal: AbortSignal) => AsyncIterable<readonly JobEvent[]>,
  work: (open: () => Promise<IncomingMessage>) => Promise<void>,
  pictures = false,
): Promise<void> {
  const answer = (_: IncomingMessage, response: ServerResponse) =>
    void streams.send(response, parts, { pictures, headers: { "x-test": "kept" } });
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const open = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: "127.0.0.1", port, agent: false }, resolve).on("error", reject);
    });
  try {
    await work(open);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function read(response: IncomingMessage): Promise<{ readonly events: ServerSentEvent[]; readonly text: string }> {
  const reader = new EventReader();
  const events: ServerSentEvent[] = [];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    events.push(...reader.read(chunk));
  }
  return { events, text };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

async function* waiting(signal: AbortSignal): AsyncGenerator<readonly JobEvent[]> {
  yield [frame(1)];
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

describe("event streams", () => {
  test("an event is its number, its kind and itself as JSON; the first thing said is when to come back", () => {
    const streams = openEventStreams(10, new AbortController().signal);
    const events = async function* () {
      yield [frame(1), frame(2, { note: "two\nlines" })];
      yield [frame(3)];
    };
    return withStreams(streams, events, async (open) => {
      const response = await open();
      expect(response.headers).toMatchObject({
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-test": "kept",
      });
      const found = await read(response);
      expect(found.text.startsWith("retry: 1000\n\nid: 1\nevent: frame\ndata: {")).toBe(true);
      expect(found.events.map(({ id, event, data }) => [id, event, JSON.parse(data)])).toEqual([
        ["1", "frame", frame(1)],
        ["2", "frame", frame(2, { note: "two\nlines" })],
        ["3", "frame", frame(3)],
      ]);
      expect(streams.open).toBe(0);
    });
  });

  test("a picture is sent only to those who asked for it, whoever else follows the same run", async () => {
    const part = [frame(1, { picture: "data:image/png;base64,AA==" })];
    const events = async function* () {
      yield part;
    };
    const streams = openEventStreams(10, new AbortController().signal);
    for (const pictures of [true, false, true]) {
      await withStreams(
        streams,
        events,
        async (open) => {
          const [first] = (await read(await open())).events;
          expect("picture" in JSON.parse(first!.data).data).toBe(pictures);
        },
        pictures,
      );
    }
  });

  test("a stream without news says something now and then, and no timer is left when it is over", () => {
    const streams = openEventStreams(10, new AbortController().signal, 10);
    return withStreams(streams, waiting, async (open) => {
      const response = await open();
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      await until(() => text.endsWith(":\n\n:\n\n"));
      response.destroy();
      await until(() => streams.open === 0);
    });
  });

  test("a reader that does not read holds what its socket holds, and gets everything when it reads again", () => {
    const streams = openEventStreams(10, new AbortController().signal);
    const count = 4000;
    let given = 0;
    const events = async function* () {
      for (given = 1; given <= count; given++) yield [frame(given, { filler: "x".repeat(10_000) })];
    };
    return withStreams(streams, events, async (open) => {
      const response = await open();
      response.pause();
      let before = -1;
      while (before !== given) {
        before = given;
        await sleep(100);
      }
      // What kernel and socket buffer on both sides is some megabytes at most.
      expect(given).toBeLessThan(count / 2);
      const found = await read(response);
      expect(found.events.map(({ id }) => Number(id))).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    });
  });

  test("the last place is taken once, and is free again when its reader has gone", () => {
    const streams = openEventStreams(1, new AbortController().signal);
    return withStreams(streams, waiting, async (open) => {
      streams.checkPlace();
      const response = await open();
      expect(() => streams.checkPlace()).toThrow("1 event streams are open, and this server keeps 1");
      response.destroy();
      await until(() => streams.open === 0);
      streams.checkPlace();
    });
  });

  test("a server that closes ends every stream, the one of a reader that does not read too", () => {
    const closing = new AbortController();
    const streams = openEventStreams(10, closing.signal);
    const endless = async function* () {
      for (let i = 1; ; i++) yield [frame(i, { filler: "x".repeat(10_000) })];
    };
    return withStreams(streams, endless, async (open) => {
      const response = await open();
      response.pause();
      await sleep(50);
      expect(streams.open).toBe(1);
      closing.abort();
      await until(() => streams.open === 0);
      response.resume();
      await new Promise((resolve) => response.on("end", resolve));
    });
  });
});
