/** One lane: a worker thread that takes frames until there are none, pass after pass. Started by `lanes.ts` only. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import {
  type AnimationSettings,
  type EncodedFrame,
  type FieldModules,
  FrameMaker,
  type KernelModules,
  Kernels,
  type Look,
  type Palette,
  type Stage,
  StageError,
} from "@volumark/engine";
import type { RunEvent } from "@volumark/measure";
import { observeGarbage, processClock } from "@volumark/measure/node";
import { type Drag, draggingClock } from "./drag.ts";
import type { InjectedFault } from "./lanes.ts";
import { FrameUnwanted, type Ring, ringExchange, takeFrame } from "./ring.ts";
import { type SmallPicture, smallPictureOf } from "./small-picture.ts";

/** What a lane is started with. */
export interface LaneData {
  readonly lane: number;
  readonly settings: AnimationSettings;
  readonly backend: "wasm" | "reference";
  readonly ring: Ring;
  readonly fault: InjectedFault | null;
  readonly delayMs: number;
  readonly drag: Drag | null;
}

/** What a lane is told once it is known: compiled modules, the look and the palette. */
export interface LaneStart {
  readonly modules: KernelModules;
  readonly fieldModules: FieldModules;
  readonly look: Look;
  readonly palette: Palette;
}

/** What a lane is asked for; one thing after the other. */
export type LaneOrder =
  | { readonly type: "start"; readonly start: LaneStart }
  | { readonly type: "pass"; readonly pictures: boolean }
  | { readonly type: "close" };

/** What a lane says. */
export type LaneMessage =
  | { readonly type: "ready" }
  | { readonly type: "frame"; readonly frame: EncodedFrame; readonly picture: SmallPicture | null }
  | { readonly type: "failed"; readonly stage: Stage | "setup"; readonly frame: number; readonly message: string }
  /** There are no frames left in this pass. */
  | { readonly type: "rest" }
  | { readonly type: "done"; readonly peakKernelBytes: number; readonly collections: readonly RunEvent[] };

const port = parentPort;
if (!port) throw new Error("lane: started outside a worker thread. Use startLanes.");
const { lane, settings, backend, ring, fault, delayMs, drag } = workerData as LaneData;

const say = (message: LaneMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
const clock = processClock();
const collections = observeGarbage(clock, lane);
let kernels: Kernels | null = null;
let maker: FrameMaker | null = null;

let last: Promise<void> = Promise.resolve();
port.on("message", (order: LaneOrder) => {
  last = last.then(() => obey(order));
});
say({ type: "ready" });

async function obey(order: LaneOrder): Promise<void> {
  if (order.type === "close") {
    say({ type: "done", peakKernelBytes: kernels?.arena.peakBytes ?? 0, collections: await collections.stop() });
    port?.close();
    return;
  }
  let frame = 0;
  try {
    if (order.type === "start") {
      maker = furnish(order.start);
      return;
    }
    for (let next = takeFrame(ring, lane); next !== null && maker; next = takeFrame(ring, lane)) {
      frame = next;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (fault?.at === "lane" && fault.frame === frame) process.exit(7);
      const made = maker.make(frame);
      // The frame's clock has stopped.
      const picture = order.pictures ? smallPictureOf(maker, frame, { settings, ring, now: clock.now }) : null;
      say({ type: "frame", frame: made, picture }, [made.bytes.buffer, ...(picture ? [picture.indices.buffer] : [])]);
      // The event loop turns once a frame, so that collections are seen and a terminate is heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    const cause = error instanceof StageError ? error.cause : error;
    if (!(cause instanceof FrameUnwanted)) {
      const stage = error instanceof StageError ? error.stage : "setup";
      say({ type: "failed", stage, frame, message: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  if (order.type === "pass") say({ type: "rest" });
}

function furnish({ modules, fieldModules, look, palette }: LaneStart): FrameMaker {
  kernels = new Kernels(modules);
  const dragging = drag ? draggingClock(clock.now, drag) : null;
  return new FrameMaker(settings, {
    kernels,
    look,
    palette,
    fieldModules,
    clock: dragging?.now ?? clock.now,
    exchange: ringExchange(ring),
    backend,
    ...(fault ? { onStage: (stage: Stage, frame: number) => inject(fault, stage, frame) } : {}),
    ...(dragging ? { onStage: dragging.enter } : {}),
  });
}

function inject(fault: InjectedFault, stage: Stage, frame: number): void {
  if (fault.at === "gc" && stage === "picture" && fault.frame === frame) collectGarbage();
  if (fault.at === stage && fault.frame === frame) throw new Error("an error injected for a test");
}

/** Three whole collections, some milliseconds each. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < 3; i++) collect();
}
