/**
 * Single frames as PNG: those that were asked for last lie here; others a side thread draws, which is given the GIF when it
 * has it no more.
 */
import { ProblemError } from "./answer-problem.ts";
import type { SideAnswers } from "./side/side-messages.ts";
import type { SideThread } from "./side/side-thread.ts";

export interface FrameOf {
  /** Hash of the GIF. */
  readonly gif: string;
  /** From 0. */
  readonly frame: number;
  /** Pixels at most; null: as wide as it is. */
  readonly width: number | null;
}

/** Bytes of pictures that are kept. */
const MOST_BYTES = 24 * 1024 ** 2;

export class FrameShelf {
  readonly #thread: SideThread;
  readonly #gif: (hash: string) => Promise<Uint8Array>;
  /** The one that was asked for last at the end. */
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;
  /** GIFs on their way to the thread: of all who need one, one brings it. */
  readonly #opening = new Map<string, Promise<unknown>>();

  constructor(thread: SideThread, gif: (hash: string) => Promise<Uint8Array>) {
    this.#thread = thread;
    this.#gif = gif;
  }

  /** Throws `no-result`; `run` is for its sentence. */
  async picture(of: FrameOf, run: string): Promise<Uint8Array> {
    const key = `${of.gif} ${of.frame} ${of.width}`;
    const there = this.#kept.get(key);
    if (there) {
      this.#kept.delete(key);
      this.#kept.set(key, there);
      return there;
    }
    const answer = await this.#draw(of);
    if (answer.state !== "png") throw refusal(answer, of.frame, run);
    this.#keep(key, answer.png);
    return answer.png;
  }

  async #draw({ gif, frame, width }: FrameOf): Promise<SideAnswers["frame"]> {
    for (;;) {
      await this.#opening.get(gif);
      const answer = await this.#thread.ask("frame", { gif, bytes: null, frame, width });
      if (answer.state !== "needs-gif") return answer;
      if (this.#opening.has(gif)) continue;
      const drawn = this.#gif(gif).then((bytes) => this.#thread.ask("frame", { gif, bytes, frame, width }));
      // Whether it went well is for the one who brings it to tell.
      const opened = drawn.then(
        () => undefined,
        () => undefined,
      );
      this.#opening.set(gif, opened);
      try {
        return await drawn;
      } finally {
        this.#opening.delete(gif);
      }
    }
  }

  #keep(key: string, png: Uint8Array): void {
    if (png.length > MOST_BYTES / 4 || this.#kept.has(key)) return;
    this.#kept.set(key, png);
    this.#bytes += png.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
  }
}

function refusal(answer: Exclude<SideAnswers["frame"], { state: "png" }>, frame: number, run: string): Error {
  switch (answer.state) {
    case "beyond":
      return new ProblemError(
        "no-result",
        `Frame ${frame} is none of run ${run}: its animation holds ${answer.count} frames, 0 to ${answer.count - 1}. Ask for one of those.`,
        { field: "params.frame", data: { frame, frames: answer.count } },
      );
    case "too-large":
      return new ProblemError(
        "no-result",
        `Frames of run ${run} are ${answer.width}×${answer.height}, more than are drawn here. Take the animation.`,
        { data: { width: answer.width, height: answer.height } },
      );
    case "damaged":
      return new ProblemError("no-result", `The animation of run ${run} can't be read: ${answer.reason}`);
    case "needs-gif":
      return new Error(`the side thread was given the GIF of run ${run} and asked for it again`);
  }
}
