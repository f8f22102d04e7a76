/**
 * Lanes: those who make whole frames, and the one who hands the frames out.
 *
 * Frames come out in order, whichever lane made them. Where frames are light, the thread that calls this is lane 0 and
 * makes frames itself, between which it hears messages and signals: that saves starting one thread, and the first frames
 * are made while the others start. Where they are heavy it only coordinates.
 */
import { Worker } from "node:worker_threads";
import {
  type AnimationSettings,
  checkSettings,
  compileFieldModules,
  compileKernels,
  type EncodedFrame,
  FrameMaker,
  gifHeader,
  Kernels,
  lookPalette,
  type Palette,
  resolveLook,
  type Stage,
  StageError,
} from "@volumark/engine";
import type { RunEvent } from "@volumark/measure";
import { observeGarbage, processClock } from "@volumark/measure/node";
import type { Drag } from "./drag.ts";
import {
  asyncRingExchange,
  beginPictures,
  createRing,
  FrameUnwanted,
  hasFrames,
  isAwake,
  lastTaken,
  nextFrame,
  type Ring,
  resetRing,
  ringExchange,
  stopAt,
  takeFrame,
} from "./ring.ts";
import { PICTURE_EVERY_MS, type SmallPicture, smallPictureOf } from "./small-picture.ts";
import type { LaneData, LaneMessage, LaneOrder, LaneStart } from "./worker.ts";

/**
 * Something done on purpose for the tests: `surface` fails that stage of the frame, `lane` kills the lane that starts it, `gc`
 * collects garbage in the middle of it.
 */
export interface InjectedFault {
  readonly at: Stage | "lane" | "gc";
  readonly frame: number;
}

export interface LanesOptions {
  /** How many make frames, 1 to 256; never more than there are frames. */
  readonly lanes: number;
  /** Kernels of WebAssembly, or their readable twins in TypeScript. The bytes are the same. */
  readonly backend: "wasm" | "reference";
  /** Whether the calling thread may be a lane where frames are light; default true. */
  readonly help?: boolean;
  /** Whether some frames of the first pass bring a small picture, at most four a second and the last; default no. */
  readonly pictures?: boolean;
  /** Aborting ends the pass after the frames that are finished; it is not an error. */
  readonly signal?: AbortSignal;
  readonly fault?: InjectedFault;
  /** Milliseconds that a lane sleeps before each frame; for the tests of signals. */
  readonly delayMs?: number;
  /** A stage that takes longer on purpose; for the tests of comparisons. */
  readonly drag?: Drag;
}

/** A frame and the lane that made it, from 0. */
export interface LaneFrame extends EncodedFrame {
  readonly lane: number;
  /** Of some frames, where pictures were asked for; its indices are into `Lanes.palette`. */
  readonly picture?: SmallPicture | null;
}

/** What is known when the lanes have ended. Nanoseconds. */
export interface LanesSummary {
  readonly lanes: number;
  /** Kernels and the scene's program compiled. */
  readonly compileNs: number;
  readonly paletteNs: number;
  /** From the start to the first thread that is ready; null where no thread was started or none came to be ready. */
  readonly laneStartNs: number | null;
  /** Garbage collections of the lanes, on the clock of the frames. */
  readonly collections: readonly RunEvent[];
  /** Most bytes of kernel memory that one lane used. */
  readonly peakKernelBytes: number;
}

/** The frame that could not be made, where, and why. Frames before it have been delivered. */
export class LaneFailure extends Error {
  readonly stage: Stage | "lane" | "setup";
  readonly frame: number;
  constructor(stage: Stage | "lane" | "setup", frame: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "LaneFailure";
    this.stage = stage;
    this.frame = frame;
  }
}

/** Lanes that are ready for passes over one animation. */
export interface Lanes {
  /** Of the GIF (signature, size, palette, loop): comes before the first frame's bytes. */
  readonly header: Uint8Array;
  readonly palette: Palette;
  /** All frames once, in order. One pass at a time; ends early after an abort; throws `LaneFailure`. */
  pass(): AsyncGenerator<LaneFrame, void, undefined>;
  /** Ends the lanes, whatever they are at. */
  close(): Promise<LanesSummary>;
}

/** After an abort, frames under way may take this long to finish, and lanes that are closed to say what they know: ms. */
const GRACE_MS = 1000;

/** The calling thread is a lane only where nothing in the settings is larger than this, and its frames stay that short. */
const LIGHT = { dimension: 128, pixels: 1 << 20, sceneLength: 20_000, frameNs: 40e6 } as const;

/** Starts lanes. Throws `EngineError` on invalid settings and `LaneFailure` where the scene can't be compiled. */
export function startLanes(settings: AnimationSettings, options: LanesOptions): Lanes {
  checkSettings(settings);
  return new LanePool(settings, options);
}

/** What one thread is known to do. */
interface Thread {
  readonly worker: Worker;
  readonly lane: number;
  ready: boolean;
  /** Passes that it was asked for and has not come to the end of. */
  pending: number;
  ended: boolean;
}

class LanePool implements Lanes {
  readonly header: Uint8Array;
  readonly palette: Palette;
  readonly #settings: AnimationSettings;
  readonly #options: LanesOptions;
  readonly #clock = processClock();
  readonly #begun = this.#clock.now();
  readonly #count: number;
  readonly #ring: Ring;
  readonly #threads: Thread[] = [];
  readonly #start: LaneStart;
  readonly #kernels: Kernels;
  readonly #compileNs: number;
  readonly #paletteNs: number;
  /** Whether the calling thread is lane 0. */
  #helps: boolean;
  #helping: Promise<void> | null = null;
  /** Whether frames of this pass bring small pictures. */
  #pictures: boolean;
  #maker: FrameMaker | null = null;
  /** Finished frames of this pass that wait for an earlier one. */
  readonly #finished = new Map<number, LaneFrame>();
  readonly #collections: RunEvent[] = [];
  #peakKernelBytes = 0;
  #laneStartNs: number | null = null;
  #failure: LaneFailure | null = null;
  #closing = false;
  /** Who waits for something to happen. */
  readonly #waiting = new Set<() => void>();

  constructor(settings: AnimationSettings, options: LanesOptions) {
    this.#settings = settings;
    this.#options = options;
    const { backend } = options;
    const { width, height, frames } = settings;
    this.#count = Math.max(1, Math.min(options.lanes, frames));
    this.#helps = mayHelp(settings, options);
    this.#pictures = options.pictures === true;
    // One more than there are lanes: a thread may take over from the calling one.
    this.#ring = createRing(this.#count + 1, width * height);
    // Threads start while this one compiles.
    for (let lane = this.#helps ? 1 : 0; lane < this.#count; lane++) this.#boot(lane);
    try {
      const { now } = this.#clock;
      const compileBegun = now();
      const modules = compileKernels();
      const fieldModules = backend === "wasm" ? compileFieldModules(settings.scene) : new Map();
      const paletteBegun = now();
      const look = resolveLook(settings.scene.look);
      const palette = lookPalette(look);
      this.#compileNs = paletteBegun - compileBegun;
      this.#paletteNs = now() - paletteBegun;
      this.palette = palette;
      this.header = gifHeader({ width, height, palette });
      this.#kernels = new Kernels(modules);
      this.#start = { modules, fieldModules, look, palette };
      for (const thread of this.#threads) order(thread, { type: "start", start: this.#start });
    } catch (error) {
      for (const thread of this.#threads) end(thread);
      throw new LaneFailure("setup", 0, error instanceof Error ? error.message : String(error), error);
    }
  }

  async *pass(): AsyncGenerator<LaneFrame, void, undefined> {
    const { signal } = this.#options;
    const { frames } = this.#settings;
    this.#finished.clear();
    this.#failure = null;
    resetRing(this.#ring, frames);
    beginPictures(this.#ring, this.#clock.now() / 1e6, PICTURE_EVERY_MS);
    const onAbort = () => this.#abort();
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) this.#abort();
    else {
      for (const thread of this.#threads) this.#ask(thread);
      if (this.#helps) this.#helping = this.#help();
    }
    try {
      for (let frame = 0; frame < frames; frame++) {
        const made = await this.#await(frame);
        if (!made) return;
        this.#finished.delete(frame);
        yield made;
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#pictures = false;
      stopAt(this.#ring, nextFrame(this.#ring));
      await this.#changed(() => this.#atRest());
    }
  }

  async close(): Promise<LanesSummary> {
    this.#closing = true;
    for (const thread of this.#threads) {
      if (thread.ready && !thread.ended) order(thread, { type: "close" });
      else end(thread);
    }
    const timer = setTimeout(() => this.#terminate(), GRACE_MS);
    await this.#changed(() => this.#threads.every(({ ended }) => ended));
    clearTimeout(timer);
    this.#peakKernelBytes = Math.max(this.#peakKernelBytes, this.#kernels.arena.peakBytes);
    return {
      lanes: this.#count,
      compileNs: this.#compileNs,
      paletteNs: this.#paletteNs,
      laneStartNs: this.#laneStartNs,
      collections: this.#collections,
      peakKernelBytes: this.#peakKernelBytes,
    };
  }

  /** Makes frames on this thread until there are none left, or they turn out to be heavy. */
  async #help(): Promise<void> {
    const lane = 0;
    const collections = observeGarbage(this.#clock, lane);
    const exchange = asyncRingExchange(this.#ring);
    // Messages and signals are heard between two frames.
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    let frame = 0;
    try {
      this.#maker ??= new FrameMaker(this.#settings, {
        ...this.#start,
        kernels: this.#kernels,
        clock: this.#clock.now,
        exchange: ringExchange(this.#ring),
        backend: this.#options.backend,
      });
      for (;;) {
        const next = takeFrame(this.#ring, lane);
        if (next === null) break;
        frame = next;
        const made = await this.#maker.makeAsync(frame, exchange);
        const about = { settings: this.#settings, ring: this.#ring, now: this.#clock.now };
        const picture = this.#pictures ? smallPictureOf(this.#maker, frame, about) : null;
        this.#finished.set(frame, { ...made, lane, picture });
        this.#wake();
        if (made.times.wallNs - made.times.waitNs > LIGHT.frameNs) {
          this.#helps = false;
          this.#takeOver();
          break;
        }
        await turn();
      }
    } catch (error) {
      this.#failBy(error, frame);
    }
    this.#collections.push(...(await collections.stop()));
    this.#helping = null;
    this.#wake();
  }

  /** Starts a thread in the place of this one. */
  #takeOver(): void {
    if (this.#closing || nextFrame(this.#ring) >= this.#settings.frames) return;
    const thread = this.#boot(this.#count);
    order(thread, { type: "start", start: this.#start });
    this.#ask(thread);
  }

  #ask(thread: Thread): void {
    if (thread.ended) return;
    thread.pending++;
    order(thread, { type: "pass", pictures: this.#pictures });
  }

  #boot(lane: number): Thread {
    const { backend, fault, delayMs, drag } = this.#options;
    const data: LaneData = {
      lane,
      settings: this.#settings,
      backend,
      ring: this.#ring,
      fault: fault ?? null,
      delayMs: delayMs ?? 0,
      drag: drag ?? null,
    };
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: data });
    const thread: Thread = { worker, lane, ready: false, pending: 0, ended: false };
    this.#threads.push(thread);
    const lost = (message: string, cause?: unknown) =>
      this.#fail(new LaneFailure("lane", lastTaken(this.#ring, lane), message, cause));
    worker.on("message", (message: LaneMessage) => {
      if (message.type === "ready") {
        thread.ready = true;
        this.#laneStartNs ??= this.#clock.now() - this.#begun;
      } else if (message.type === "frame")
        this.#finished.set(message.frame.frame, { ...message.frame, lane, picture: message.picture });
      else if (message.type === "failed") this.#fail(new LaneFailure(message.stage, message.frame, message.message));
      else if (message.type === "rest") thread.pending--;
      else {
        this.#peakKernelBytes = Math.max(this.#peakKernelBytes, message.peakKernelBytes);
        this.#collections.push(...message.collections);
        thread.ended = true;
      }
      this.#wake();
    });
    worker.on("error", (error) => lost(error instanceof Error ? error.message : String(error), error));
    worker.on("exit", (code) => {
      if (!thread.ended && !this.#closing && !this.#failure && !this.#options.signal?.aborted)
        lost(`the lane ended with code ${code} in the middle of its work`);
      thread.ended = true;
      this.#wake();
    });
    return thread;
  }

  #failBy(error: unknown, frame: number): void {
    const cause = error instanceof StageError ? error.cause : error;
    if (cause instanceof FrameUnwanted) return;
    const stage = error instanceof StageError ? error.stage : "setup";
    this.#fail(new LaneFailure(stage, frame, cause instanceof Error ? cause.message : String(cause), cause));
  }

  /** Keeps the failure of the earliest frame; frames before it are still made, none after it. */
  #fail(failure: LaneFailure): void {
    if (!this.#failure || failure.frame < this.#failure.frame) this.#failure = failure;
    stopAt(this.#ring, failure.frame);
    this.#wake();
  }

  #abort(): void {
    stopAt(this.#ring, nextFrame(this.#ring));
    for (const thread of this.#threads) if (!thread.ready) end(thread);
    const timer = setTimeout(() => this.#terminate(), GRACE_MS);
    void this.#changed(() => this.#atRest()).then(() => clearTimeout(timer));
    this.#wake();
  }

  #terminate(): void {
    for (const thread of this.#threads) end(thread);
    this.#wake();
  }

  /** Nobody makes a frame. A thread that has not begun to look for one does not count where none is left. */
  #atRest(): boolean {
    if (this.#helping !== null) return false;
    const noneLeft = !hasFrames(this.#ring);
    return this.#threads.every(
      ({ lane, pending, ended }) => ended || pending === 0 || (noneLeft && !isAwake(this.#ring, lane)),
    );
  }

  /** The frame once it is made; null when the pass has ended without it (an abort). Throws the failure it waits for in vain. */
  async #await(frame: number): Promise<LaneFrame | null> {
    const failed = () => this.#failure !== null && this.#failure.frame <= frame;
    await this.#changed(() => this.#finished.has(frame) || failed() || this.#atRest());
    const made = this.#finished.get(frame);
    if (made) return made;
    if (this.#failure) throw this.#failure;
    return null;
  }

  /** Settles when the condition holds; it is looked at whenever something has happened. */
  async #changed(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Something has happened. */
  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

function order({ worker }: Thread, message: LaneOrder): void {
  worker.postMessage(message);
}

function end(thread: Thread): void {
  if (thread.ended) return;
  thread.ended = true;
  void thread.worker.terminate();
}

/** Known beforehand: whether the frames are small enough for a thread that must stay responsive. */
function mayHelp({ dimension, width, height, volume, scene }: AnimationSettings, options: LanesOptions): boolean {
  // Faults are for threads: the calling one must not die of one.
  const { help, fault, delayMs, drag, backend } = options;
  if (help === false || fault || delayMs || drag || backend !== "wasm" || volume) return false;
  return (
    dimension <= LIGHT.dimension && width * height <= LIGHT.pixels && JSON.stringify(scene).length <= LIGHT.sceneLength
  );
}
