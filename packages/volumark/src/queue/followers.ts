/**
 * Those who follow jobs: woken by what this process writes at once, and by what others write at the next look.
 *
 * However many follow a job, each new event is read from the database once and kept in a short tail in memory; who falls
 * behind the tail reads the log itself, page by page. A follower has a place in the log and no buffer of its own, so a slow
 * one costs nothing but its place.
 */
import type { QueueContext } from "./context.ts";
import { rowOf, toJob } from "./job-row.ts";
import { type EventPage, type JobEvent, TERMINAL_KINDS } from "./job-types.ts";
import { eventsAfter } from "./read-log.ts";

interface Topic {
  readonly id: string;
  readonly wake: Set<() => void>;
  followers: number;
  /** The newest events, without gaps, all after `tailFrom`. */
  tail: JobEvent[];
  tailFrom: number;
  /** The newest sequence that is known. */
  known: number;
  /** What those at one place of this tail were given last: most are at the same place, and share it. */
  given: { readonly tail: readonly JobEvent[]; readonly place: number; readonly page: EventPage } | null;
  removed: boolean;
  /** What is being read, and whether something came while it was. */
  reading: boolean;
  again: boolean;
}

/** Events in a tail. */
const TAIL = 256;
/** Events that one who is behind the tail holds at once. */
const BEHIND = 100;
/** Jobs that one look asks for at once. */
const IDS = 500;

export class Followers {
  readonly #context: QueueContext;
  readonly #topics = new Map<string, Topic>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #closed = false;

  constructor(context: QueueContext) {
    this.#context = context;
  }

  /** Events in parts as they come; those who are at the same place are given the very same array. */
  async *follow(id: string, sequence = 0, signal?: AbortSignal): AsyncGenerator<readonly JobEvent[], void, undefined> {
    const topic = await this.#join(id);
    let wake = () => {};
    const woken = () => wake();
    topic.wake.add(woken);
    signal?.addEventListener("abort", woken);
    try {
      let place = sequence;
      while (!this.#closed && !signal?.aborted) {
        // Before it is read, so that nothing that comes meanwhile is slept through.
        const next = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (topic.removed) return;
        const { events, more, ended } = await this.#page(topic, place);
        if (this.#closed || signal?.aborted) return;
        place = events.at(-1)?.sequence ?? place;
        if (events.length > 0) yield events;
        if (more) continue;
        if (ended) return;
        if (!this.#closed && !signal?.aborted) await next;
      }
    } finally {
      topic.wake.delete(woken);
      signal?.removeEventListener("abort", woken);
      this.#leave(topic);
    }
  }

  /** This process has written to the job's log. */
  changed(id: string): void {
    const topic = this.#topics.get(id);
    if (topic) void this.#read(topic).catch(this.#context.onProblem);
  }

  removed(id: string): void {
    const topic = this.#topics.get(id);
    if (!topic) return;
    topic.removed = true;
    wakeAll(topic);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    for (const topic of this.#topics.values()) wakeAll(topic);
  }

  async #join(id: string): Promise<Topic> {
    const { lastEvent } = toJob(await rowOf(this.#context.store.db, id));
    let topic = this.#topics.get(id);
    if (!topic) {
      topic = {
        id,
        wake: new Set(),
        followers: 0,
        tail: [],
        tailFrom: lastEvent,
        known: lastEvent,
        given: null,
        removed: false,
        reading: false,
        again: false,
      };
      this.#topics.set(id, topic);
    }
    topic.followers++;
    if (!this.#timer && !this.#closed) {
      this.#timer = setInterval(() => void this.#look(), this.#context.limits.pollMs);
      this.#timer.unref();
    }
    return topic;
  }

  #leave(topic: Topic): void {
    topic.followers--;
    if (topic.followers > 0) return;
    this.#topics.delete(topic.id);
    if (this.#topics.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  async #page(topic: Topic, place: number): Promise<EventPage> {
    const { id, tail, tailFrom, known, given } = topic;
    if (place < tailFrom || (place >= known && tail.length === 0)) return eventsAfter(this.#context, id, place, BEHIND);
    if (given?.tail === tail && given.place === place) return given.page;
    const last = tail.at(-1);
    const ended = last !== undefined && TERMINAL_KINDS.includes(last.kind);
    const page = { events: tail.filter((event) => event.sequence > place), more: false, ended };
    topic.given = { tail, place, page };
    return page;
  }

  /** Reads what is new of the job into its tail, once for all who follow it. */
  async #read(topic: Topic): Promise<void> {
    topic.again = true;
    if (topic.reading) return;
    topic.reading = true;
    try {
      while (topic.again) {
        topic.again = false;
        const { events, more } = await eventsAfter(this.#context, topic.id, topic.known);
        const last = events.at(-1);
        if (!last) continue;
        const tail = [...topic.tail, ...events];
        const over = tail.length - TAIL;
        if (over > 0) topic.tailFrom = tail[over - 1]!.sequence;
        topic.tail = over > 0 ? tail.slice(over) : tail;
        topic.known = last.sequence;
        topic.again ||= more;
        wakeAll(topic);
      }
    } finally {
      topic.reading = false;
    }
  }

  /** Looks for what other processes have written. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const ids = [...this.#topics.keys()];
      for (let from = 0; from < ids.length; from += IDS) {
        const asked = ids.slice(from, from + IDS);
        const rows = await this.#context.store.db
          .selectFrom("jobs")
          .select(["id", "lastEvent"])
          .where("id", "in", asked)
          .execute();
        const last = new Map(rows.map(({ id, lastEvent }) => [id, lastEvent]));
        for (const id of asked) {
          const topic = this.#topics.get(id);
          const newest = last.get(id);
          if (newest === undefined) this.removed(id);
          else if (topic && newest > topic.known) await this.#read(topic);
        }
      }
    } catch (error) {
      this.#context.onProblem(error);
    } finally {
      this.#looking = false;
    }
  }
}

function wakeAll(topic: Topic): void {
  for (const wake of topic.wake) wake();
}
