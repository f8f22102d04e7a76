/**
 * Which workers are silent, found out without any clock that could jump or differ from another machine's.
 *
 * A worker that lives raises the `beat` of its job. Whoever watches remembers each beat and for how long, by its own
 * monotonic clock, it has stood still. Time in which the watcher itself did not look - it was stopped, or the machine slept -
 * counts for no more than one look, so that a pause of the whole machine costs no worker its job. The job is taken away by a
 * statement that holds only if the beat is still the one that was seen.
 *
 * A dead worker's job is therefore free after `leaseMs` and one look more, at the latest; after a restart of the watcher
 * counting begins anew. Where it was a process of this machine, and is no more, its job is free at the next look, of which the
 * first is made at once.
 */
import { expire } from "./claims.ts";
import type { QueueContext } from "./context.ts";
import type { Silence } from "./job-types.ts";
import { isGone } from "./worker-process.ts";

interface Seen {
  readonly token: string;
  readonly beat: number;
  readonly silentMs: number;
}

/** Looks in one lease; the time between two counts for at most two of them. */
const LOOKS = 5;

export class LeaseWatch {
  readonly #context: QueueContext;
  #seen = new Map<string, Seen>();
  #lastMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<number> | null = null;

  constructor(context: QueueContext) {
    this.#context = context;
  }

  /** Looks by itself from now on; keeps no process alive. */
  start(): void {
    const look = () => void this.recover().catch(this.#context.onProblem);
    this.#timer = setInterval(look, this.#context.limits.leaseMs / LOOKS);
    this.#timer.unref();
    look();
  }

  /** What is known of a running job's silence: null where its worker was heard of between the last two looks, or there were none yet. */
  silence(id: string): Silence | null {
    const { limits, monotonicMs } = this.#context;
    const seen = this.#seen.get(id);
    if (!seen || seen.silentMs === 0 || this.#lastMs === null) return null;
    const silentMs = Math.round(seen.silentMs + Math.min(monotonicMs() - this.#lastMs, limits.leaseMs / LOOKS));
    return { silentMs, freeInMs: Math.max(0, limits.leaseMs - silentMs) };
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#looking?.catch(() => 0);
  }

  /** One look: takes the jobs of silent workers from them. Two at once are one. */
  recover(): Promise<number> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<number> {
    const { store, limits, monotonicMs } = this.#context;
    const rows = await store.db
      .selectFrom("jobs")
      .select(["id", "token", "beat", "workerProcess"])
      .where("status", "=", "running")
      .execute();
    const nowMs = monotonicMs();
    const passedMs = Math.min(nowMs - (this.#lastMs ?? nowMs), (2 * limits.leaseMs) / LOOKS);
    this.#lastMs = nowMs;
    const seen = new Map<string, Seen>();
    let taken = 0;
    for (const { id, token, beat, workerProcess } of rows) {
      if (token === null) continue;
      const lease = { id, token, beat };
      const before = this.#seen.get(id);
      const same = before?.token === token && before.beat === beat;
      const silentMs = same ? before.silentMs + passedMs : 0;
      const gone = workerProcess !== null && isGone(workerProcess);
      const over = gone || silentMs >= limits.leaseMs;
      if (over && (await expire(this.#context, lease, gone ? "gone" : { silentMs }))) taken++;
      else seen.set(id, { token, beat, silentMs });
    }
    this.#seen = seen;
    return taken;
  }
}
