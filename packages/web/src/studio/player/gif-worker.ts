/** The worker of the player: the engine's own decoder, one frame at a time, as many screens kept as fit into 48 MB. */
import { type GifFrames, inspectGif, openGifFrames } from "@volumark/engine";
import type { FromGifWorker, ToGifWorker } from "./messages.ts";

let frames: GifFrames | null = null;

self.onmessage = ({ data }: MessageEvent<ToGifWorker>) => {
  try {
    if (data.kind === "open") open(data.bytes);
    else draw(data.frame);
  } catch (error) {
    say({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};

function open(bytes: Uint8Array): void {
  frames = openGifFrames(bytes);
  const { width, height } = frames;
  say({ kind: "opened", width, height, delays: inspectGif(bytes).frames.map((frame) => frame.delayHundredths) });
}

function draw(frame: number): void {
  if (!frames) return;
  const steps = frames.draw(frame);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const rgba = new Uint8ClampedArray(step.value);
  say({ kind: "drawn", frame, rgba }, [rgba.buffer]);
}

function say(message: FromGifWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}
