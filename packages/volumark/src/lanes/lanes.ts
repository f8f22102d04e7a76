/**
 * Lanes: worker threads that each take whole frames, and the one who hands the frames out.
 *
 * Frames come out in order, whichever lane made them. The thread that calls this coordinates; it makes frames itself only
 * while the first lane is still starting, and only where a frame is so small that it stays responsive.
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
  PROBE_FRAMES,
  probePalette,
  type Stage,
  StageError,
} from "@volumark/engine";
import type { RunEvent } from "@volumark/measure";
import { observeGarbage, type ProcessClock, processClock } from "@volumark/measure/node";
import { createRing, lastTaken, nextFrame, type Ring, ringExchange, stopAt, takeFrame } from "./ring.ts";
import type { LaneData, LaneMessage, LaneStart } from "./worker.ts";

/** An error injected for the tests: `surface@15` fails that stage of frame 15; `lane@15` kills the lane that starts it. */
export interface InjectedFault {
  readonly at: Stage | "lane";
  readonly frame: number;
}

export interface LanesOptions {
  /** How many worker threads, 1 to 256; never more than there are frames. */
  readonly lanes: number;
  /** Kernels of WebAssembly, or their readable twins in TypeScript. The bytes are the same. */
  readonly backend: "wasm" | "reference";
  /** Aborting ends the animation after the frames that are finished; it is not an error. */
  readonly signal?: AbortSignal;
  readonly fault?: InjectedFault;
  /** Milliseconds that a lane sleeps before each frame; for the tests of signals. */
  readonly delayMs?: number;
}

/** A frame and the lane that made it: 0, 1, … or, beyond the last one, the coordinating thread while the lanes start. */
export interface LaneFrame extends EncodedFrame {
  readonly lane: number;
}

/** What is known when the animation has ended, whether complete or not. */
export interface LanesSummary {
  readonly lanes: number;
  /** Kernels compiled, scene read, palette chosen, first lane ready: nanoseconds each. */
  readonly compileNs: number;
  readonly paletteNs: number;
  readonly laneStartNs: number;
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

/** A running animation: iterate the frames in order, then read the summary. */
export interface LanesRun extends AsyncIterable<LaneFrame> {
  /** Header of the GIF (signature, size, palette, loop): comes before the first frame's bytes. */
  readonly header: Promise<Uint8Array>;
  /** Settles when the iteration has ended, in whatever way. */
  readonly summary: Promise<LanesSummary>;
}

/** After an abort, frames under way may take this long to finish, in milliseconds. */
const GRACE_MS = 1000;

/** The coordinating thread helps only where a probe frame took less than this, in nanoseconds. */
const SMALL_FRAME_NS = 40e6;

/** Starts the lanes. Throws `EngineError` on invalid settings; everything later comes out of the iteration. */
export function renderOnLanes(settings: AnimationSettings, options: LanesOptions): LanesRun {
  checkSettings(settings);
  return new LanesCoordinator(settings, options);
}

/** What one lane is known to have done. */
interface Lane {
  readonly worker: Worker;
  /** It has said that it is ready. */
  ready: boolean;
  /** It was given the palette, and takes frames. */
  started: boolean;
  ended: boolean;
}

class LanesCoordinator implements LanesRun {
  readonly header: Promise<Uint8Array>;
  readonly summary: Promise<LanesSummary>;
  readonly #settings: AnimationSettings;
  readonly #options: LanesOptions;
  readonly #ring: Ring;
  readonly #lanes: Lane[] = [];
  /** Finished frames that wait for an earlier one. */
  readonly #finished = new Map<number, LaneFrame>();
  readonly #collections: RunEvent[] = [];
  #peakKernelBytes = 0;
  #compileNs = 0;
  #paletteNs = 0;
  #laneStartNs = 0;
  #failure: LaneFailure | null = null;
  /** What lanes need to begin; null while the coordinating thread makes frames itself. */
  #laneStart: LaneStart | null = null;
  #resolveHeader!: (header: Uint8Array) => void;
  #rejectHeader!: (reason: unknown) => void;
  #resolveSummary!: (summary: LanesSummary) => void;
  /** Wakes the iteration: something has happened. */
  #wake: () => void = () => {};

  constructor(settings: AnimationSettings, options: LanesOptions) {
    this.#settings = settings;
    this.#options = options;
    const lanes = Math.max(1, Math.min(options.lanes, settings.frames));
    this.#ring = createRing(lanes, settings.frames, settings.width * settings.height);
    this.header = new Promise((resolve, reject) => {
      this.#resolveHeader = resolve;
      this.#rejectHeader = reject;
    });
    // A caller that never asks for the header must not be ended by its failure: the iteration reports it.
    this.header.catch(() => undefined);
    this.summary = new Promise((resolve) => {
      this.#resolveSummary = resolve;
    });
    this.#start(lanes);
  }

  /** Compiles, boots the lanes, chooses the palette while they boot, begins with the first frames, and hands over. */
  #start(count: number): void {
    const clock = processClock();
    const begun = clock.now();
    const modules = compileKernels();
    this.#compileNs = clock.now() - begun;
    const { settings, backend, fault, delayMs } = { settings: this.#settings, ...this.#options };
    for (let lane = 0; lane < count; lane++) {
      const data: LaneData = {
        lane,
        settings,
        backend,
        modules,
        ring: this.#ring,
        fault: fault ?? null,
        delayMs: delayMs ?? 0,
      };
      this.#boot(lane, data, () => {
        if (this.#laneStartNs === 0) this.#laneStartNs = clock.now() - begun;
      });
    }
    try {
      const fieldBegun = clock.now();
      const fieldModules = backend === "wasm" ? compileFieldModules(settings.scene) : new Map();
      const paletteBegun = clock.now();
      this.#compileNs += paletteBegun - fieldBegun;
      const kernels = new Kernels(modules);
      const palette = probePalette(settings, kernels, backend, fieldModules);
      this.#paletteNs = clock.now() - paletteBegun;
      this.#resolveHeader(gifHeader({ width: settings.width, height: settings.height, palette }));
      const start: LaneStart = { palette, fieldModules };
      const small = this.#paletteNs < SMALL_FRAME_NS * Math.min(settings.frames, PROBE_FRAMES);
      // Faults are for lanes: the coordinating thread must not die of one.
      if (small && !fault && !delayMs) void this.#help(kernels, clock, start);
      else this.#handOver(start);
    } catch (error) {
      this.#fail(new LaneFailure("setup", 0, error instanceof Error ? error.message : String(error), error));
      this.#rejectHeader(error);
      for (const { worker } of this.#lanes) void worker.terminate();
    }
  }

  /** Makes frames on this thread until a lane is ready to. */
  async #help(kernels: Kernels, clock: ProcessClock, start: LaneStart): Promise<void> {
    const lane = this.#lanes.length;
    const collections = observeGarbage(clock, lane);
    try {
      const maker = new FrameMaker(this.#settings, {
        kernels,
        clock: clock.now,
        exchange: ringExchange(this.#ring),
        backend: this.#options.backend,
        ...start,
      });
      // Messages and signals are heard between two frames.
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      for (await turn(); !this.#lanes.some(({ ready, ended }) => ready || ended); await turn()) {
        const frame = takeFrame(this.#ring, lane);
        if (frame === null) break;
        this.#finished.set(frame, { ...maker.make(frame), lane });
        this.#wake();
      }
    } catch (error) {
      const { stage, frame, cause } =
        error instanceof StageError ? error : { stage: "setup" as const, frame: 0, cause: error };
      this.#fail(new LaneFailure(stage, frame, cause instanceof Error ? cause.message : String(cause), cause));
    }
    this.#peakKernelBytes = kernels.arena.peakBytes;
    this.#handOver(start);
    this.#collections.push(...(await collections.stop()));
  }

  /** Lets the lanes take frames: those that are ready now, the others when they are. Ends them when there are none left. */
  #handOver(start: LaneStart): void {
    this.#laneStart = start;
    if (nextFrame(this.#ring) >= this.#settings.frames || this.#failure) {
      for (const lane of this.#lanes) this.#end(lane);
      this.#wake();
      return;
    }
    for (const lane of this.#lanes) if (lane.ready && !lane.ended) this.#begin(lane, start);
  }

  #begin(lane: Lane, start: LaneStart): void {
    lane.started = true;
    lane.worker.postMessage(start);
  }

  /** A lane that has nothing to do any more. */
  #end(lane: Lane): void {
    if (lane.ended) return;
    lane.ended = true;
    void lane.worker.terminate();
  }

  #boot(index: number, data: LaneData, onReady: () => void): void {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: data });
    const lane: Lane = { worker, ready: false, started: false, ended: false };
    this.#lanes.push(lane);
    const lost = (message: string, cause?: unknown) =>
      this.#fail(new LaneFailure("lane", lastTaken(this.#ring, index), message, cause));
    worker.on("message", (message: LaneMessage) => {
      if (message.type === "ready") {
        lane.ready = true;
        onReady();
        if (this.#laneStart && !lane.ended) this.#begin(lane, this.#laneStart);
      } else if (message.type === "frame") this.#finished.set(message.frame.frame, { ...message.frame, lane: index });
      else if (message.type === "failed") this.#fail(new LaneFailure(message.stage, message.frame, message.message));
      else {
        this.#peakKernelBytes = Math.max(this.#peakKernelBytes, message.peakKernelBytes);
        this.#collections.push(...message.collections);
        lane.ended = true;
      }
      this.#wake();
    });
    worker.on("error", (error) => lost(error instanceof Error ? error.message : String(error), error));
    worker.on("exit", (code) => {
      if (!lane.ended && !this.#failure && !this.#options.signal?.aborted)
        lost(`the lane ended with code ${code} in the middle of its work`);
      lane.ended = true;
      this.#wake();
    });
  }

  /** Keeps the failure of the earliest frame; frames before it are still made, none after it. */
  #fail(failure: LaneFailure): void {
    if (!this.#failure || failure.frame < this.#failure.frame) this.#failure = failure;
    stopAt(this.#ring, failure.frame);
    this.#wake();
  }

  #abort(): void {
    stopAt(this.#ring, nextFrame(this.#ring));
    for (const lane of this.#lanes) if (!lane.started) this.#end(lane);
    const timer = setTimeout(() => this.#terminate(), GRACE_MS);
    void this.summary.then(() => clearTimeout(timer));
    this.#wake();
  }

  #terminate(): void {
    for (const lane of this.#lanes) this.#end(lane);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LaneFrame> {
    const { signal } = this.#options;
    const onAbort = () => this.#abort();
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) this.#abort();
    try {
      for (let frame = 0; frame < this.#settings.frames; frame++) {
        const made = await this.#await(frame);
        if (!made) return;
        this.#finished.delete(frame);
        yield made;
      }
      await this.#changed(() => this.#lanes.every((lane) => lane.ended));
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#terminate();
      this.#resolveSummary({
        lanes: this.#lanes.length,
        compileNs: this.#compileNs,
        paletteNs: this.#paletteNs,
        laneStartNs: this.#laneStartNs,
        collections: this.#collections,
        peakKernelBytes: this.#peakKernelBytes,
      });
    }
  }

  /** The frame once it is made; null when the lanes have ended without it (an abort). Throws the failure it waits for in vain. */
  async #await(frame: number): Promise<LaneFrame | null> {
    const failed = () => this.#failure !== null && this.#failure.frame <= frame;
    await this.#changed(() => this.#finished.has(frame) || failed() || this.#lanes.every((lane) => lane.ended));
    const made = this.#finished.get(frame);
    if (made) return made;
    if (this.#failure) throw this.#failure;
    return null;
  }

  /** Settles when the condition holds; it is looked at whenever something has happened. */
  async #changed(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
