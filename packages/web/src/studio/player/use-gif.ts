/**
 * An animation that is fetched once, decoded in a worker, and drawn on a canvas frame by frame. One frame is under way at a
 * time: whoever scrubs faster than frames are decoded sees the newest one asked for.
 */
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { surround } from "../../live/surround.ts";
import type { LoadedRun } from "../../service/run-source.ts";
import type { FromGifWorker, ToGifWorker } from "./messages.ts";

export interface OpenedGif {
  readonly width: number;
  readonly height: number;
  readonly delays: readonly number[];
}

export type GifState =
  | { readonly kind: "loading" }
  | ({ readonly kind: "open" } & OpenedGif)
  | { readonly kind: "failed"; readonly message: string };

export interface Gif {
  readonly state: GifState;
  /** Draws that frame as soon as it can; beyond the last one, which an address may name, the last one. */
  readonly show: (frame: number) => void;
}

export function useGif(run: LoadedRun, canvas: RefObject<HTMLCanvasElement | null>): Gif {
  const [state, setState] = useState<GifState>({ kind: "loading" });
  const wanted = useRef<number | null>(null);
  const asking = useRef(false);
  const last = useRef(0);
  const worker = useRef<Worker | null>(null);
  const { gifAddress } = run;

  const ask = useCallback(() => {
    if (asking.current || wanted.current === null || !worker.current) return;
    asking.current = true;
    post(worker.current, { kind: "draw", frame: Math.min(wanted.current, last.current) });
    wanted.current = null;
  }, []);

  useEffect(() => {
    setState({ kind: "loading" });
    if (gifAddress === null) return;
    const made = new Worker(new URL("./gif-worker.ts", import.meta.url), { type: "module" });
    const stop = new AbortController();
    let size: OpenedGif | null = null;
    const fail = (message: string) => {
      if (!stop.signal.aborted) setState({ kind: "failed", message });
    };
    asking.current = true;
    worker.current = made;
    made.onerror = (event) => fail(event.message || "The worker that decodes the animation could not be started.");
    made.onmessage = ({ data }: MessageEvent<FromGifWorker>) => {
      if (data.kind === "failed") return fail(data.message);
      asking.current = false;
      if (data.kind === "opened") {
        size = data;
        last.current = Math.max(0, data.delays.length - 1);
        setState({ ...data, kind: "open" });
        wanted.current ??= 0;
      } else if (size) {
        paint(canvas.current, data.rgba, size);
      }
      ask();
    };
    readGif(run, gifAddress, stop.signal).then(
      (bytes) => {
        if (!stop.signal.aborted) made.postMessage({ kind: "open", bytes } satisfies ToGifWorker, [bytes.buffer]);
      },
      (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      stop.abort();
      made.terminate();
      worker.current = null;
      wanted.current = null;
    };
  }, [run, gifAddress, canvas, ask]);

  const show = useCallback(
    (frame: number) => {
      wanted.current = frame;
      ask();
    },
    [ask],
  );
  return { state, show };
}

async function readGif(run: LoadedRun, address: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  if (run.gifBytes) return (await run.gifBytes()).slice();
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`The animation could not be fetched: the server answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

function paint(
  canvas: HTMLCanvasElement | null,
  rgba: Uint8ClampedArray<ArrayBuffer>,
  { width, height }: OpenedGif,
): void {
  if (!canvas) return;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  surround(canvas, rgba);
}

function post(worker: Worker, message: ToGifWorker): void {
  worker.postMessage(message);
}
