/** Draws single frames of one GIF as PNG. Started by `gif-pictures.ts` only. */
import { type GifFrames, openGifFrames } from "@volumark/engine";

export type GifOrder =
  | { readonly type: "open"; readonly gif: Blob }
  | { readonly type: "frame"; readonly id: number; readonly frame: number };
export interface GifAnswer {
  readonly id: number;
  /** Null where there is no such frame, or it is damaged. */
  readonly png: Blob | null;
}

const scope = self as unknown as {
  postMessage(message: GifAnswer): void;
  onmessage: ((event: MessageEvent<GifOrder>) => void) | null;
};
let opened: Promise<GifFrames> | null = null;

scope.onmessage = ({ data }) => {
  if (data.type === "open") opened = data.gif.arrayBuffer().then((buffer) => openGifFrames(new Uint8Array(buffer)));
  else void draw(data.id, data.frame);
};

async function draw(id: number, frame: number): Promise<void> {
  let png: Blob | null = null;
  try {
    const frames = await opened!;
    png = await pngOf(frames, frame);
  } catch {
    // A picture that can't be drawn is none; the numbers beside it stand.
  }
  scope.postMessage({ id, png });
}

async function pngOf(frames: GifFrames, frame: number): Promise<Blob> {
  const steps = frames.draw(frame);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const canvas = new OffscreenCanvas(frames.width, frames.height);
  const pixels = new Uint8ClampedArray(step.value as Uint8Array<ArrayBuffer>);
  canvas.getContext("2d")!.putImageData(new ImageData(pixels, frames.width, frames.height), 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
