/**
 * Open event streams: how many there are, that each says something every 15 s, and that all end when the server closes.
 *
 * A stream has a place in the run's log and what its socket has not taken yet, which is one part of it over the
 * socket's own bound at most; a reader that is slow, or does not read at all, costs no more. One timer serves all of them.
 */
import type { ServerResponse } from "node:http";
import { eventText } from "../api/sse.ts";
import type { JobEvent } from "../queue/job-types.ts";
import { ProblemError } from "./answer-problem.ts";

export interface EventStreams {
  readonly open: number;
  /** Throws `too-many-streams` where there is no place for another. */
  checkPlace(): void;
  /** Sends the parts until they end, the reader goes away, or the server closes. Resolves when the stream is over. */
  send(
    response: ServerResponse,
    parts: (signal: AbortSignal) => AsyncIterable<readonly JobEvent[]>,
    options: SendOptions,
  ): Promise<void>;
}

export interface SendOptions {
  readonly pictures: boolean;
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>;
}

/** Between two comments, ms; readers take a stream to be broken after three of them. */
const COMMENT_MS = 15_000;
/** When readers come back to a stream that broke, ms. */
const RETRY_MS = 1000;
/** When somebody who found no place may try again, ms. */
const FULL_MS = 5000;

interface Stream {
  readonly response: ServerResponse;
  readonly ending: AbortController;
  /** Whether the socket takes no more for now. */
  full: boolean;
}

/** `closing` ends all streams. */
export function openEventStreams(mostStreams: number, closing: AbortSignal, commentMs = COMMENT_MS): EventStreams {
  const streams = new Set<Stream>();
  let timer: NodeJS.Timeout | null = null;
  closing.addEventListener("abort", () => {
    for (const { ending } of streams) ending.abort();
  });
  const comment = () => {
    for (const { response, full } of streams) if (!full) response.write(":\n\n");
  };

  function join(response: ServerResponse): Stream {
    const stream = { response, ending: new AbortController(), full: false };
    streams.add(stream);
    response.on("close", () => stream.ending.abort());
    timer ??= setInterval(comment, commentMs).unref();
    if (closing.aborted || response.destroyed) stream.ending.abort();
    return stream;
  }

  function leave(stream: Stream): void {
    streams.delete(stream);
    if (streams.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  }

  return {
    get open() {
      return streams.size;
    },
    checkPlace() {
      if (streams.size >= mostStreams) throw tooMany(streams.size, mostStreams);
    },
    async send(response, parts, { pictures, headers }) {
      const stream = join(response);
      const { signal } = stream.ending;
      try {
        response.writeHead(200, { ...headers, ...HEADERS });
        response.write(`retry: ${RETRY_MS}\n\n`);
        for await (const part of parts(signal)) {
          if (signal.aborted) break;
          if (response.write(bytesOf(part, pictures))) continue;
          stream.full = true;
          await drained(response, signal);
          stream.full = false;
        }
      } finally {
        leave(stream);
        response.end();
      }
    },
  };
}

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx would keep events back until it has a buffer full of them.
  "x-accel-buffering": "no",
} as const;

/** Parts are shared by all who follow a run from the same place, so that each is written out once. */
const known = {
  with: new WeakMap<readonly JobEvent[], Buffer>(),
  without: new WeakMap<readonly JobEvent[], Buffer>(),
};

function bytesOf(part: readonly JobEvent[], pictures: boolean): Buffer {
  const written = pictures ? known.with : known.without;
  let bytes = written.get(part);
  if (!bytes) {
    bytes = Buffer.from(part.map((event) => textOf(event, pictures)).join(""));
    written.set(part, bytes);
  }
  return bytes;
}

function textOf(event: JobEvent, pictures: boolean): string {
  const { sequence, kind } = event;
  const { picture, ...data } = event.data;
  const shown = pictures || picture === undefined ? event : { ...event, data };
  return eventText({ id: String(sequence), event: kind, data: JSON.stringify(shown) });
}

/** Resolves when the socket takes more, or when the stream is over. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go);
      signal.removeEventListener("abort", go);
      resolve();
    };
    response.on("drain", go);
    signal.addEventListener("abort", go);
    if (signal.aborted) go();
  });
}

function tooMany(open: number, mostStreams: number): ProblemError {
  return new ProblemError(
    "too-many-streams",
    `${open} event streams are open, and this server keeps ${mostStreams}. Close some, or ask for the run itself now and then.`,
    { retryAfterMs: FULL_MS, data: { open, limit: mostStreams } },
  );
}
