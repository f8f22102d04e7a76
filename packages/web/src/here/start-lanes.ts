/** Starts the workers of a run in the page, makes passes with them, and ends them at once when it is cancelled. */
import type { AnimationSettings } from "@volumark/engine";
import type { TimerDescription } from "@volumark/measure";
import { FrameOrder, type OrderedFrame } from "./frame-order.ts";
import type { LaneMessage, LaneOrder } from "./lane-messages.ts";

export interface LanesOptions {
  readonly settings: AnimationSettings;
  readonly lanes: number;
  readonly originMs: number;
  readonly signal: AbortSignal;
  readonly onFrame: (frame: OrderedFrame) => void;
  readonly onPicture: (frame: number, indices: Uint8Array<ArrayBuffer>) => void;
}

/** A frame that could not be made. */
export class HereFailure extends Error {
  readonly stage: string;
  readonly frame: number;
  constructor(stage: string, frame: number, message: string) {
    super(message);
    this.name = "HereFailure";
    this.stage = stage;
    this.frame = frame;
  }
}

export interface HereLanes {
  readonly lanes: number;
  readonly header: Uint8Array<ArrayBuffer>;
  readonly colors: Uint8Array<ArrayBuffer>;
  readonly timer: TimerDescription;
  readonly compileNs: number;
  /** All frames once, in order; those up to the abort. Throws `HereFailure`. */
  pass(pictures: boolean): Promise<readonly OrderedFrame[]>;
  peakKernelBytes(): number | null;
  close(): void;
}

type Ready = Extract<LaneMessage, { type: "ready" }>;

export async function startHereLanes(options: LanesOptions): Promise<HereLanes> {
  const { settings, originMs, signal, onFrame, onPicture } = options;
  const lanes = Math.max(1, Math.min(options.lanes, settings.frames));
  const workers = Array.from(
    { length: lanes },
    (_, lane) => new Worker(new URL("./lane-worker.ts", import.meta.url), { type: "module", name: `lane ${lane}` }),
  );
  const close = () => {
    for (const worker of workers) worker.terminate();
  };
  const say = (lane: number, order: LaneOrder, ports: MessagePort[] = []) => workers[lane]!.postMessage(order, ports);
  let peak: number | null = null;
  let hear: (message: LaneMessage, lane: number) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const channels = lanes > 1 ? Array.from({ length: lanes }, () => new MessageChannel()) : [];
  const readies = await new Promise<Ready[]>((resolve, reject) => {
    const ready: Ready[] = [];
    fail = reject;
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    for (const [lane, worker] of workers.entries()) {
      worker.onmessage = ({ data }: MessageEvent<LaneMessage>) => {
        if (data.type === "failed") fail(new HereFailure(data.stage, data.frame, data.message));
        else if (data.type === "ready") {
          ready.push(data);
          if (ready.length === lanes) resolve(ready);
        } else hear(data, lane);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        fail(new HereFailure("lane", 0, event.message || "the browser could not start the lane"));
      };
      const toNext = channels[lane]?.port1 ?? null;
      const fromPrevious = channels[(lane + lanes - 1) % lanes]?.port2 ?? null;
      const ports = [toNext, fromPrevious].filter((port) => port !== null);
      say(
        lane,
        { type: "start", settings, lane, lanes, originMs, isolated: crossOriginIsolated, toNext, fromPrevious },
        ports,
      );
    }
  }).catch((error) => {
    close();
    throw error;
  });
  const { header, colors } = readies[0]!;

  function pass(pictures: boolean): Promise<readonly OrderedFrame[]> {
    const order = new FrameOrder();
    if (signal.aborted) return Promise.resolve(order.frames);
    return new Promise((resolve, reject) => {
      let resting = 0;
      fail = reject;
      hear = (message, lane) => {
        if (message.type === "frame") {
          for (const frame of order.add({ ...message.frame, lane })) onFrame(frame);
        } else if (message.type === "picture") onPicture(message.frame, message.indices);
        else if (message.type === "rest") {
          peak = Math.max(peak ?? 0, message.peakKernelBytes);
          if (++resting === lanes) resolve(order.frames);
        }
      };
      signal.addEventListener(
        "abort",
        () => {
          close();
          resolve(order.frames);
        },
        { once: true },
      );
      for (let lane = 0; lane < lanes; lane++) say(lane, { type: "pass", pictures });
    });
  }

  const resolutionNs = Math.max(...readies.map(({ timer }) => timer.resolutionNs));
  const costNs = Math.max(...readies.map(({ timer }) => timer.costNs));
  return {
    lanes,
    header,
    colors,
    timer: { name: readies[0]!.timer.name, resolutionNs, costNs },
    compileNs: Math.max(...readies.map(({ compileNs }) => compileNs)),
    pass,
    peakKernelBytes: () => peak,
    close,
  };
}
