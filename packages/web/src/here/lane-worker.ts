/** One lane of the page: a module worker that makes every `lanes`-th frame. Started by `start-lanes.ts` only. */
import {
  createLocalExchange,
  FrameMaker,
  gifHeader,
  Kernels,
  lookPalette,
  resolveLook,
  StageError,
} from "@volumark/engine";
import type { LaneMessage, LaneOrder, LaneStart } from "./lane-messages.ts";
import { describePageClock, pageClock } from "./page-clock.ts";
import { portExchange } from "./port-exchange.ts";

/** Pictures are sent at most this often, ms. */
const PICTURE_MS = 120;

const scope = self as unknown as {
  postMessage(message: LaneMessage, transfer?: ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<LaneOrder>) => void) | null;
};
const turns = new MessageChannel();
let makePass: ((pictures: boolean) => Promise<void>) | null = null;

scope.onmessage = ({ data }) => {
  if (data.type === "start") attempt(0, () => furnish(data));
  else void makePass?.(data.pictures);
};

function furnish(start: LaneStart): void {
  const { settings, lane, lanes, originMs, isolated, toNext, fromPrevious } = start;
  const { width, height, frames } = settings;
  const clock = pageClock(originMs);
  const begun = clock();
  const kernels = new Kernels();
  const look = resolveLook(settings.scene.look);
  const palette = lookPalette(look);
  const local = createLocalExchange(width, height);
  const hear = (port: MessagePort) => (back: (message: unknown) => void) => {
    port.onmessage = ({ data }) => back(data);
  };
  const ports = toNext && fromPrevious ? portExchange(toNext, hear(fromPrevious)) : null;
  const view: { wanted: boolean; indices: Uint8Array<ArrayBuffer> | null } = { wanted: false, indices: null };
  const exchange = {
    publish(frame: number, indices: Uint8Array) {
      if (view.wanted) view.indices = indices.slice();
      return (ports ?? local).publish(frame, indices);
    },
    take: (frame: number) => (ports ?? local).take(frame),
    release: (frame: number) => (ports ?? local).release(frame),
  };
  const maker = new FrameMaker(settings, { kernels, palette, look, clock, exchange: local });
  const compileNs = clock() - begun;
  const header = gifHeader({ width, height, palette }).slice();
  const colors = palette.colors.slice();
  scope.postMessage({ type: "ready", timer: describePageClock(clock, isolated), compileNs, header, colors });
  let shown = Number.NEGATIVE_INFINITY;
  makePass = async (pictures) => {
    ports?.begin(frames);
    for (let frame = lane; frame < frames; frame += lanes) {
      view.wanted = pictures && performance.now() - shown >= PICTURE_MS * lanes;
      view.indices = null;
      const made = await attempt(frame, () => maker.makeAsync(frame, exchange));
      if (!made) return;
      scope.postMessage({ type: "frame", frame: made }, [made.bytes.buffer]);
      if (view.wanted) {
        shown = performance.now();
        sendPicture(frame, view);
      }
      await turn();
    }
    scope.postMessage({ type: "rest", peakKernelBytes: kernels.arena.peakBytes });
  };
}

function sendPicture(frame: number, { indices }: { readonly indices: Uint8Array<ArrayBuffer> | null }): void {
  if (indices) scope.postMessage({ type: "picture", frame, indices }, [indices.buffer]);
}

/** What it gives, or null after it failed and said so. */
function attempt<T>(frame: number, work: () => T): T | null {
  const failed = (error: unknown) => {
    const cause = error instanceof StageError ? error.cause : error;
    const message = cause instanceof Error ? cause.message : String(cause);
    scope.postMessage({ type: "failed", stage: error instanceof StageError ? error.stage : "setup", frame, message });
    return null;
  };
  try {
    const made = work();
    return made instanceof Promise ? (made.catch(failed) as T) : made;
  } catch (error) {
    return failed(error);
  }
}

/** Lets messages be heard between two frames. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    turns.port1.onmessage = () => resolve();
    turns.port2.postMessage(null);
  });
}
