/** Pictures of single frames of a GIF that the page holds: drawn in a worker that starts with the first one asked for. */
import type { GifAnswer, GifOrder } from "./gif-worker.ts";

export interface GifPictures {
  /** The animation itself. */
  readonly address: string;
  /** Address of a PNG, good until `release`; null where there is no such frame. */
  picture(frame: number): Promise<string | null>;
  release(): void;
}

/** Addresses that are kept; a picture is some tens of kilobytes. */
const MOST_KEPT = 400;

export function gifPictures(gif: Blob): GifPictures {
  const address = URL.createObjectURL(gif);
  const kept = new Map<number, Promise<string | null>>();
  const waiting = new Map<number, (png: Blob | null) => void>();
  let worker: Worker | null = null;
  let asked = 0;

  function start(): Worker {
    const started = new Worker(new URL("./gif-worker.ts", import.meta.url), { type: "module", name: "frames" });
    started.onmessage = ({ data }: MessageEvent<GifAnswer>) => {
      waiting.get(data.id)?.(data.png);
      waiting.delete(data.id);
    };
    started.postMessage({ type: "open", gif } satisfies GifOrder);
    return started;
  }

  async function draw(frame: number): Promise<string | null> {
    worker ??= start();
    const id = asked++;
    const png = await new Promise<Blob | null>((resolve) => {
      waiting.set(id, resolve);
      worker!.postMessage({ type: "frame", id, frame } satisfies GifOrder);
    });
    return png && URL.createObjectURL(png);
  }

  function forget(frame: number): void {
    void kept.get(frame)?.then((old) => old && URL.revokeObjectURL(old));
    kept.delete(frame);
  }

  return {
    address,
    picture(frame) {
      const known = kept.get(frame);
      if (known) return known;
      if (kept.size >= MOST_KEPT) forget(kept.keys().next().value!);
      const made = draw(frame);
      kept.set(frame, made);
      return made;
    },
    release() {
      worker?.terminate();
      URL.revokeObjectURL(address);
      for (const frame of [...kept.keys()]) forget(frame);
    },
  };
}
