/**
 * A thread beside the one that answers requests, for what would hold it up: reading records of megabytes, comparing them,
 * decoding pictures. It is started by the first task and ended when it has had none for a while.
 *
 * Guaranteed: at most `mostAtOnce` tasks are under way and `mostWaiting` wait, beyond which a task is refused (`busy`); a
 * thread that dies takes only its own tasks with it; what is answered in pieces is made no faster than it is taken, and is
 * given up when nobody takes a piece for a minute.
 */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { ProblemError } from "../answer-problem.ts";
import type { FromSide, SideAnswers, SideKind, SideTasks, ToSide } from "./side-messages.ts";
import { answerTasks } from "./side-tasks.ts";

export interface SideThreadOptions {
  readonly mostAtOnce: number;
  readonly mostWaiting: number;
  /** Without a task for so long it is ended, ms. */
  readonly idleMs?: number;
  /** A task that takes longer ends the thread, ms; default: none does. */
  readonly mostMs?: number;
  /** A piece that nobody takes for so long is the last one, ms. */
  readonly slowMs?: number;
}

const DEFAULTS = { idleMs: 30_000, slowMs: 60_000, mostMs: Number.POSITIVE_INFINITY } as const;
/** Of JavaScript's own memory; a record that needs more ends the thread, not the server. */
const HEAP_MEGABYTES = 1024;

/** The thread ended under a task: not enough memory, or too much time. */
export class SideThreadDied extends Error {
  constructor(reason: string) {
    super(`The thread that worked at it has died: ${reason}`);
    this.name = "SideThreadDied";
  }
}

type Hear = (message: FromSide) => void;

interface Thread {
  readonly post: (message: ToSide, transfer: ArrayBuffer[]) => void;
  readonly end: () => void;
}

export class SideThread {
  readonly #options: Required<SideThreadOptions>;
  readonly #pending = new Map<number, { hear: Hear; fail: (error: Error) => void }>();
  readonly #waiting: (() => void)[] = [];
  #thread: Thread | null = null;
  #active = 0;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: SideThreadOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Does it and gives the answer. Bytes in the task are handed over. Throws `busy` and `SideThreadDied`. */
  async ask<Kind extends Exclude<SideKind, "render">>(kind: Kind, task: SideTasks[Kind]): Promise<SideAnswers[Kind]> {
    await this.#enter();
    const id = ++this.#lastId;
    const { mostMs } = this.#options;
    const timer = Number.isFinite(mostMs)
      ? setTimeout(() => this.#end(new SideThreadDied(`it took more than ${mostMs} ms`)), mostMs).unref()
      : undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, {
          hear: (message) => {
            if (message.type === "done") resolve(message.answer as SideAnswers[Kind]);
            else reject(new Error(message.type === "failed" ? message.message : "a piece where none was asked for"));
          },
          fail: reject,
        });
        this.#post({ type: "do", id, kind, task }, buffersOf(task));
      });
    } finally {
      clearTimeout(timer);
      this.#pending.delete(id);
      this.#leave();
    }
  }

  /** The pieces, each made when it is asked for. Throws as `ask`, the first time a piece is asked for. */
  async *pieces(task: SideTasks["render"]): AsyncGenerator<Uint8Array> {
    await this.#enter();
    const id = ++this.#lastId;
    let settle: { hear: Hear; fail: (error: Error) => void } | null = null;
    let broken: Error | null = null;
    const next = (message: ToSide, transfer: ArrayBuffer[] = []) =>
      new Promise<FromSide>((resolve, reject) => {
        if (broken) return reject(broken);
        settle = { hear: resolve, fail: reject };
        this.#post(message, transfer);
      });
    const fail = (error: Error) => {
      broken = error;
      settle?.fail(error);
    };
    this.#pending.set(id, { hear: (message) => settle?.hear(message), fail });
    let slow: NodeJS.Timeout | undefined;
    try {
      let message = await next({ type: "do", id, kind: "render", task }, buffersOf(task));
      for (;;) {
        if (message.type === "failed") throw new Error(message.message);
        if (message.type !== "piece" || message.last) return;
        slow = setTimeout(() => {
          fail(new Error(`nobody has taken a piece for ${this.#options.slowMs} ms`));
          this.#giveUp(id);
        }, this.#options.slowMs).unref();
        yield message.bytes;
        clearTimeout(slow);
        message = await next({ type: "more", id });
      }
    } finally {
      clearTimeout(slow);
      this.#giveUp(id);
    }
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#end(new SideThreadDied("the server is shutting down"));
  }

  #giveUp(id: number): void {
    if (!this.#pending.delete(id)) return;
    this.#thread?.post({ type: "drop", id }, []);
    this.#leave();
  }

  async #enter(): Promise<void> {
    const { mostAtOnce, mostWaiting } = this.#options;
    if (this.#active >= mostAtOnce) {
      if (this.#waiting.length >= mostWaiting) {
        throw new ProblemError(
          "busy",
          `${this.#active} requests of this kind are worked at and ${mostWaiting} wait, which is the most. Try again soon.`,
          { data: { active: this.#active, waiting: mostWaiting }, retryAfterMs: 1000 },
        );
      }
      // Whoever leaves hands its place on.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#active++;
    clearTimeout(this.#idle);
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) {
      next();
      return;
    }
    this.#active--;
    if (this.#active > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(new SideThreadDied("it was idle")), this.#options.idleMs).unref();
  }

  #post(message: ToSide, transfer: ArrayBuffer[]): void {
    this.#thread ??= startThread(
      (answer) => this.#pending.get(answer.id)?.hear(answer),
      (reason) => this.#end(new SideThreadDied(reason)),
    );
    this.#thread.post(message, transfer);
  }

  #end(error: Error): void {
    const thread = this.#thread;
    this.#thread = null;
    thread?.end();
    for (const { fail } of [...this.#pending.values()]) fail(error);
  }
}

function startThread(hear: Hear, died: (reason: string) => void): Thread {
  if (import.meta.url.endsWith(".ts")) return sameThread(hear);
  const entry = new URL("./side-worker.js", import.meta.url);
  const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES } });
  let ended = false;
  const lost = (reason: string) => {
    if (!ended) died(reason);
    ended = true;
  };
  worker.on("message", hear);
  worker.on("error", (error) => lost(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => lost(`it ended with code ${code}`));
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    end() {
      ended = true;
      void worker.terminate();
    },
  };
}

/** For sources that run without having been built, as in tests: the same messages, in the same thread. */
function sameThread(hear: Hear): Thread {
  const { port1, port2 }: { port1: MessagePort; port2: MessagePort } = new MessageChannel();
  port1.on("message", hear);
  answerTasks(port2);
  return { post: (message, transfer) => port1.postMessage(message, transfer), end: () => port1.close() };
}

/** Memory that the task alone has, and that can be handed over in place of being copied. */
function buffersOf(task: SideTasks[SideKind]): ArrayBuffer[] {
  const bytes = "text" in task ? task.text : "bytes" in task ? task.bytes : "gif" in task ? task.gif : null;
  if (!(bytes instanceof Uint8Array)) return [];
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength && buffer.byteLength > 0
    ? [buffer]
    : [];
}
