/** One lane: a worker thread that takes frames until there are none. Started by `lanes.ts` only. */
import { parentPort, workerData } from "node:worker_threads";
import {
  type AnimationSettings,
  type EncodedFrame,
  type FieldModules,
  FrameMaker,
  type KernelModules,
  Kernels,
  type Palette,
  type Stage,
  StageError,
} from "@volumark/engine";
import type { RunEvent } from "@volumark/measure";
import { observeGarbage, processClock } from "@volumark/measure/node";
import type { InjectedFault } from "./lanes.ts";
import { FrameUnwanted, type Ring, ringExchange, takeFrame } from "./ring.ts";

/** What a lane is started with. */
export interface LaneData {
  readonly lane: number;
  readonly settings: AnimationSettings;
  readonly backend: "wasm" | "reference";
  readonly modules: KernelModules;
  readonly ring: Ring;
  readonly fault: InjectedFault | null;
  readonly delayMs: number;
}

/** What a lane is told once it is known: the palette, and the scene as compiled modules. */
export interface LaneStart {
  readonly fieldModules: FieldModules;
  readonly palette: Palette;
}

/** What a lane says. */
export type LaneMessage =
  | { readonly type: "ready" }
  | { readonly type: "frame"; readonly frame: EncodedFrame }
  | { readonly type: "failed"; readonly stage: Stage | "setup"; readonly frame: number; readonly message: string }
  | { readonly type: "done"; readonly peakKernelBytes: number; readonly collections: readonly RunEvent[] };

const port = parentPort;
if (!port) throw new Error("lane: started outside a worker thread. Use renderOnLanes.");
const { lane, settings, backend, modules, ring, fault, delayMs } = workerData as LaneData;

const say = (message: LaneMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

port.once("message", async (start: LaneStart) => {
  const clock = processClock();
  const collections = observeGarbage(clock, lane);
  const kernels = new Kernels(modules);
  let frame = 0;
  try {
    const maker = new FrameMaker(settings, {
      kernels,
      palette: start.palette,
      clock: clock.now,
      exchange: ringExchange(ring),
      backend,
      fieldModules: start.fieldModules,
      ...(fault ? { onStage: (stage: Stage, frame: number) => inject(fault, stage, frame) } : {}),
    });
    for (let next = takeFrame(ring, lane); next !== null; next = takeFrame(ring, lane)) {
      frame = next;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (fault?.at === "lane" && fault.frame === frame) process.exit(7);
      const made = maker.make(frame);
      say({ type: "frame", frame: made }, [made.bytes.buffer]);
      // The event loop turns once a frame, so that collections are seen and a terminate is heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (!(error instanceof StageError && error.cause instanceof FrameUnwanted)) {
      const cause = error instanceof StageError ? error.cause : error;
      say({
        type: "failed",
        stage: error instanceof StageError ? error.stage : "setup",
        frame,
        message: cause instanceof Error ? cause.message : String(cause),
      });
    }
  }
  say({
    type: "done",
    peakKernelBytes: kernels.arena.peakBytes,
    collections: await collections.stop(),
  });
  port.close();
});
say({ type: "ready" });

function inject(fault: InjectedFault, stage: Stage, frame: number): void {
  if (fault.at === stage && fault.frame === frame) throw new Error("an error injected for a test");
}
