/**
 * Which workers are silent, found out without any clock that could jump or differ from another machine's.
 *
 * A worker that lives raises the `beat` of its job. Whoever watches remembers each beat and for how long, by its own
 * monotonic clock, it has stood still. Time in which the watcher itself did not look - it was stopped, or the machine slept -
 * counts for no more than one look, so that a pause of the whole machine costs no worker its job. The job is taken away by a
 * statement that holds only if the beat is still the one that was seen.
 *
 * A dead worker's job is therefore free after `leaseMs` and one look more, at the latest; after a restart of the watcher
 * counting begins anew.
 */
import { expire } from "./claims.ts";
import type { QueueContext } from "./context.ts";

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
      .select(["id", "token", "beat"])
      .where("status", "=", "running")
      .execute();
    const nowMs = monotonicMs();
    const passedMs = Math.min(nowMs - (this.#lastMs ?? nowMs), (2 * limits.leaseMs) / LOOKS);
    this.#lastMs = nowMs;
    const seen = new Map<string, Seen>();
    let taken = 0;
    for (const { id, token, beat } of rows) {
      if (token === null) continue;
      const before = this.#seen.get(id);
      const same = before?.token === token && before.beat === beat;
      const silentMs = same ? before.silentMs + passedMs : 0;
      if (silentMs >= limits.leaseMs && (await expire(this.#context, { id, token, beat }, silentMs))) taken++;
      else seen.set(id, { token, beat, silentMs });
    }
    this.#seen = seen;
    return taken;
  }
}
