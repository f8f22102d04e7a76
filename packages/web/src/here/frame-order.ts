/** Frames of one pass, put in order as they arrive from lanes; what is complete from the first on is what is kept. */
import type { EncodedFrame } from "@volumark/engine";

export interface OrderedFrame extends EncodedFrame {
  readonly lane: number;
}

export class FrameOrder {
  readonly #early = new Map<number, OrderedFrame>();
  readonly frames: OrderedFrame[] = [];

  /** Gives the frames that are next now, this one and those that waited for it. */
  add(frame: OrderedFrame): readonly OrderedFrame[] {
    this.#early.set(frame.frame, frame);
    const from = this.frames.length;
    for (let next = this.#early.get(from); next; next = this.#early.get(this.frames.length)) {
      this.#early.delete(next.frame);
      this.frames.push(next);
    }
    return this.frames.slice(from);
  }
}
