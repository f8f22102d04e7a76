/**
 * Follows the events of a run while somebody looks at it: one stream a run, whoever asks; broken streams are taken up where
 * they broke. Events are gathered for a moment, so that a fast run does not draw the page for every frame.
 */
import { useCallback, useSyncExternalStore } from "react";
import type { RunEventView } from "volumark/api";
import { service } from "./client.ts";
import { afterEvents, NO_PROGRESS, type RunProgress } from "./run-progress.ts";

export interface Followed extends RunProgress {
  /** Null while the stream runs; else how long until it is taken up again, and why it broke. */
  readonly broken: { readonly waitMs: number; readonly message: string } | null;
  /** The stream was refused: there is no such run, or no right to see it. */
  readonly refused: string | null;
}

const GATHER_MS = 100;
/** How long a stream that nobody looks at goes on: a view that is drawn anew takes it over. */
const LINGER_MS = 2000;
const NOTHING: Followed = { ...NO_PROGRESS, broken: null, refused: null };

interface Stream {
  state: Followed;
  readonly listeners: Set<() => void>;
  readonly stop: AbortController;
  linger: ReturnType<typeof setTimeout> | null;
}

const streams = new Map<string, Stream>();

/** What is known of the run; `NO_PROGRESS` of null. */
export function useEvents(id: string | null): Followed {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (id === null) return () => undefined;
      const stream = streams.get(id) ?? open(id);
      if (stream.linger !== null) clearTimeout(stream.linger);
      stream.linger = null;
      stream.listeners.add(listener);
      return () => {
        stream.listeners.delete(listener);
        if (stream.listeners.size > 0) return;
        stream.linger = setTimeout(() => {
          stream.stop.abort();
          streams.delete(id);
        }, LINGER_MS);
      };
    },
    [id],
  );
  return useSyncExternalStore(subscribe, () => (id === null ? NOTHING : (streams.get(id)?.state ?? NOTHING)));
}

function open(id: string): Stream {
  const stream: Stream = { state: NOTHING, listeners: new Set(), stop: new AbortController(), linger: null };
  streams.set(id, stream);
  // It is opened while a view is drawn: the request is a task of its own.
  setTimeout(() => void read(id, stream));
  return stream;
}

async function read(id: string, stream: Stream): Promise<void> {
  const change = (next: Partial<Followed>) => {
    stream.state = { ...stream.state, ...next };
    for (const listener of stream.listeners) listener();
  };
  let gathered: RunEventView[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (gathered.length > 0) change(afterEvents(stream.state, gathered));
    gathered = [];
  };
  try {
    const events = service.follow(id, {
      pictures: true,
      signal: stream.stop.signal,
      onBreak: (waitMs, error) =>
        change({ broken: waitMs === null ? null : { waitMs, message: error instanceof Error ? error.message : "" } }),
    });
    for await (const event of events) {
      gathered.push(event);
      if (stream.state.broken) change({ broken: null });
      timer ??= setTimeout(flush, GATHER_MS);
    }
  } catch (error) {
    change({ refused: error instanceof Error ? error.message : String(error) });
  } finally {
    flush();
  }
}
