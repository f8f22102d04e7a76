/** The worker of the live view: the engine, away from the page's own thread. It does nothing unless it is asked. */
import { completeSettings, estimateWork, Kernels } from "@volumark/engine";
import { LiveScene } from "./live-scene.ts";
import type { FromLiveWorker, ToLiveWorker } from "./messages.ts";

const live = new LiveScene();

self.onmessage = ({ data }: MessageEvent<ToLiveWorker>) => {
  try {
    answer(data);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say({ kind: "failed", number: data.kind === "scene" ? null : data.number, message });
  }
};

function answer(order: ToLiveWorker): void {
  switch (order.kind) {
    case "scene":
      live.set(order);
      return;
    case "draw": {
      const start = performance.now();
      const picture = live.draw(order);
      if (!picture) throw new Error("There is no scene to be drawn.");
      say({ kind: "picture", number: order.number, ms: performance.now() - start, ...picture }, [picture.rgba.buffer]);
      return;
    }
    case "estimate": {
      const estimate = estimateWork(completeSettings(order.settings), new Kernels());
      say({ kind: "estimate", number: order.number, estimate });
    }
  }
}

function say(message: FromLiveWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}
