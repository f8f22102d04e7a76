/**
 * Frames of stored GIFs as PNG, for pages that scrub through them: the GIFs that were asked for last stay open, each with a
 * bounded number of its screens.
 */
import { EngineError, type GifFrames, openGifFrames } from "@volumark/engine";
import { pngChunks } from "../../export/png.ts";
import { type Rgba, shrunk } from "./shrink.ts";
import type { SideAnswers, SideTasks } from "./side-messages.ts";

/** GIFs that are open, bytes of all of them, and bytes of screens that one keeps. */
const MOST_OPEN = 3;
const MOST_BYTES = 96 * 1024 ** 2;
const KEEP_BYTES = 48 * 1024 ** 2;
/** Pixels of a screen: three times those of 4K. */
const MOST_PIXELS = 24 * 1024 ** 2;
/** Quick rather than shortest: 512 × 384 in 2.7 ms where zlib's 9 takes 5.1 for 6 % less (seed scene, Node 20.20, November 2026). */
const LEVEL = 6;

interface OpenGif {
  readonly frames: GifFrames;
  readonly bytes: number;
}

export class FramePictures {
  /** By hash, the one that was asked for last at the end. */
  readonly #open = new Map<string, OpenGif>();

  async picture({ gif, bytes, frame, width }: SideTasks["frame"]): Promise<SideAnswers["frame"]> {
    try {
      const found = this.#openOf(gif, bytes);
      if (found === null) return { state: "needs-gif" };
      const { frames } = found;
      if (frames.width * frames.height > MOST_PIXELS)
        return { state: "too-large", width: frames.width, height: frames.height };
      if (frame >= frames.count) return { state: "beyond", count: frames.count };
      const drawing = frames.draw(frame);
      let step = drawing.next();
      while (!step.done) {
        // Whoever else waits for something comes in between.
        await new Promise((resolve) => setImmediate(resolve));
        step = drawing.next();
      }
      const whole: Rgba = { width: frames.width, height: frames.height, rgba: step.value };
      const shown = width !== null && width < whole.width ? shrunk(whole, width) : whole;
      return { state: "png", png: Uint8Array.from(Buffer.concat([...pngChunks(shown, { level: LEVEL })])) };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return { state: "damaged", reason: error.message };
    }
  }

  #openOf(gif: string, bytes: Uint8Array | null): OpenGif | null {
    const there = this.#open.get(gif);
    if (!there && bytes === null) return null;
    const found = there ?? {
      frames: openGifFrames(bytes as Uint8Array, { keepBytes: KEEP_BYTES }),
      bytes: (bytes as Uint8Array).length,
    };
    this.#open.delete(gif);
    this.#open.set(gif, found);
    let held = [...this.#open.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [hash, { bytes: its }] of this.#open) {
      if (hash === gif || (this.#open.size <= MOST_OPEN && held <= MOST_BYTES)) break;
      this.#open.delete(hash);
      held -= its;
    }
    return found;
  }
}
