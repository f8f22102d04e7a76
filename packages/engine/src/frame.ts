/**
 * One frame through the rooms, and what each stage took.
 *
 * This is the function that a lane runs, whoever calls it: a thread, a browser worker, a loop in the same thread.
 * A frame of the GIF holds only what changed since the frame before, so a lane needs the indices of that frame. It gets
 * them from an `IndexExchange`: its own memory where one lane makes everything, a shared ring where several do.
 */
import type { FieldModules, SceneField } from "./field/index.ts";
import { createGifCoder, frameDelay, type GifCoder, type IndexedPicture, type Palette } from "./gif/index.ts";
import type { Kernels } from "./kernels/kernels.ts";
import {
  cameraAt,
  createPictureWorkspace,
  drawMeshInto,
  type Look,
  type PictureWorkspace,
  resolveLook,
} from "./picture/index.ts";
import { xxh3 } from "./portable/xxh3.ts";
import type { AnimationSettings } from "./settings.ts";
import { createSettingsField } from "./settings-field.ts";
import { createSurfaceWorkspace, extractSurfaceInto, type SurfaceWorkspace } from "./surface/index.ts";

/** A clock that never goes back: nanoseconds from an arbitrary origin, as a whole number below 2^53. */
export type NanosecondClock = () => number;

/** Kernels of WebAssembly, or their readable twins in TypeScript: the same bytes, another speed. */
export type Backend = "wasm" | "reference";

/** How often `FrameMaker.make` reads the clock. */
export const CLOCK_READINGS_PER_FRAME = 13;

/** Where a frame can fail; also the names of the timed stages. */
export type Stage = "field" | "surface" | "picture" | "convert" | "encode";
export const STAGES: readonly Stage[] = ["field", "surface", "picture", "convert", "encode"];

/**
 * Nanoseconds of one frame.
 * `wall = field + surface + picture + convert + encode + wait + instruments + unaccounted`, exactly.
 */
export interface FrameTimes {
  /** When the frame began, on the lane's clock. */
  readonly startNs: number;
  readonly wallNs: number;
  /** Scene at time t to bricks. */
  readonly fieldNs: number;
  /** Bricks to mesh with normals. */
  readonly surfaceNs: number;
  /** Mesh to RGBA. */
  readonly pictureNs: number;
  /** RGBA to palette indices. */
  readonly convertNs: number;
  /** Difference to the frame before, LZW, container. */
  readonly encodeNs: number;
  /** Handing this frame on and waiting for the one before, which another lane makes; frame 0 only hands on. */
  readonly waitNs: number;
  /** Spent on describing the frame, not on making it: the hash of its pixels. */
  readonly instrumentsNs: number;
  readonly unaccountedNs: number;
}

/** The work that was done in one frame. */
export interface FrameCounts {
  readonly bricks: number;
  readonly samples: number;
  readonly activeCells: number;
  readonly vertices: number;
  readonly triangles: number;
  readonly shadedPixels: number;
  readonly gifBytes: number;
}

/** One finished frame: its piece of the GIF, what it cost, what it was. */
export interface EncodedFrame {
  readonly frame: number;
  /** Graphic control extension, image descriptor and data: append in frame order after the header. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly times: FrameTimes;
  readonly counts: FrameCounts;
  /**
   * `xxh3:` and 16 hexadecimal digits: XXH3 (64 bits) of the palette indices, a byte a pixel, row after row from the top,
   * seeded with that of the palette's colours: equal when the pixels shown are.
   */
  readonly pictureHash: string;
}

/** Hands the palette indices of a frame to whoever makes the next one. */
export interface IndexExchange {
  /** The indices of `frame` are ready; they must be copied before this returns. */
  publish(frame: number, indices: Uint8Array): void;
  /** The indices of `frame`, waiting for them where another lane makes it. */
  take(frame: number): Uint8Array;
  /** What `take` gave has been read: its memory may be used again. */
  release(frame: number): void;
}

/** The same for a thread that must not be blocked: what is not there yet is a promise. */
export interface AsyncIndexExchange {
  publish(frame: number, indices: Uint8Array): Promise<void> | void;
  take(frame: number): Promise<Uint8Array> | Uint8Array;
  release(frame: number): void;
}

export interface FrameMakerOptions {
  readonly kernels: Kernels;
  readonly palette: Palette;
  readonly clock: NanosecondClock;
  readonly exchange: IndexExchange;
  readonly backend?: Backend;
  /** The scene's look where it is resolved already (`resolveLook`); without it this lane resolves its own. */
  readonly look?: Look;
  /** Field modules compiled elsewhere (`compileFieldModules`); without them this lane compiles its own. */
  readonly fieldModules?: FieldModules;
  /** Called as each stage of a frame begins; what it throws fails that stage. */
  readonly onStage?: (stage: Stage, frame: number) => void;
}

/** A stage that failed, of which frame, and why (`cause`). */
export class StageError extends Error {
  readonly stage: Stage;
  readonly frame: number;
  constructor(stage: Stage, frame: number, cause: unknown) {
    super(`${stage} of frame ${frame}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "StageError";
    this.stage = stage;
    this.frame = frame;
  }
}

/** The rooms of one lane, furnished once and used for every frame. */
export class FrameMaker {
  readonly #settings: AnimationSettings;
  readonly #options: FrameMakerOptions;
  readonly #field: SceneField;
  readonly #surface: SurfaceWorkspace;
  readonly #picture: PictureWorkspace;
  readonly #gif: GifCoder;
  readonly #look: Look;
  readonly #hashSeed: bigint;
  /** Of the frame made last. A view of its own is of no use: memory that grows detaches it. */
  #drawn: Uint8Array = new Uint8Array(0);
  #drawnAt = 0;

  constructor(settings: AnimationSettings, options: FrameMakerOptions) {
    const { kernels, palette, backend = "wasm", fieldModules: modules } = options;
    const { width, height } = settings;
    this.#settings = settings;
    this.#options = options;
    const { scene } = settings;
    this.#field = createSettingsField(settings, { kernels, backend, ...(modules ? { modules } : {}) });
    this.#surface = createSurfaceWorkspace(kernels, { backend });
    this.#picture = createPictureWorkspace(kernels, { width, height, backend });
    this.#gif = createGifCoder(kernels, { width, height, palette, backend });
    this.#look = options.look ?? resolveLook(scene.look);
    this.#hashSeed = BigInt(`0x${xxh3(kernels, palette.colors, 0n)}`);
  }

  /**
   * Makes one frame, from the scene to its piece of the GIF. Frames may be made in any order as long as the exchange
   * gives the frame before; memory is reused from frame to frame. Throws `StageError`.
   */
  make(frame: number): EncodedFrame {
    const { exchange } = this.#options;
    const drawn = this.#draw(frame);
    return this.#finish(drawn, () => {
      exchange.publish(frame, drawn.indexed.indices);
      const previous = frame > 0 ? exchange.take(frame - 1) : null;
      return this.#encode(drawn, previous, exchange);
    });
  }

  /** The same on a thread that must not be blocked: it goes on with other things while the frame before is not there. */
  async makeAsync(frame: number, exchange: AsyncIndexExchange): Promise<EncodedFrame> {
    const drawn = this.#draw(frame);
    let previous: Uint8Array | null;
    try {
      await exchange.publish(frame, drawn.indexed.indices);
      previous = frame > 0 ? await exchange.take(frame - 1) : null;
    } catch (error) {
      return this.#finish(drawn, () => {
        throw error;
      });
    }
    return this.#finish(drawn, () => this.#encode(drawn, previous, exchange));
  }

  /**
   * The palette indices of the frame made last, a byte a pixel, row after row from the top. Valid until the next frame is
   * begun; empty before the first. Reading them is outside the frame's times.
   */
  indices(): Uint8Array {
    const { arena } = this.#options.kernels;
    return this.#drawnAt > 0 ? arena.u8(this.#drawnAt, this.#settings.width * this.#settings.height) : this.#drawn;
  }

  /** From the scene to palette indices. */
  #draw(frame: number): DrawnFrame {
    const { kernels, clock, onStage } = this.#options;
    const { scene, dimension, fps } = this.#settings;
    const { arena } = kernels;
    const mark = arena.mark();
    let stage: Stage = "field";
    const enter = (next: Stage) => {
      stage = next;
      onStage?.(next, frame);
    };
    try {
      const time = frame / fps;
      const start = clock();

      enter("field");
      const fieldStart = clock();
      const field = this.#field.at(time);
      const bricks = field.sample(dimension);
      const fieldEnd = clock();

      enter("surface");
      const surfaceStart = clock();
      const mesh = extractSurfaceInto(this.#surface, bricks, {
        normals: (positions, normals) => field.normalsInto(positions, normals),
      });
      const surfaceEnd = clock();

      enter("picture");
      const pictureStart = clock();
      const camera = cameraAt(scene.camera, time, scene.parameters);
      const picture = drawMeshInto(this.#picture, mesh, camera, this.#look);
      const pictureEnd = clock();

      enter("convert");
      const convertStart = clock();
      const indexed = this.#gif.index(picture);
      const convertEnd = clock();
      this.#drawn = indexed.indices;
      this.#drawnAt = arena.holds(indexed.indices) ? indexed.indices.byteOffset : 0;

      const pictureHash = `xxh3:${xxh3(kernels, indexed.indices, this.#hashSeed)}`;
      const hashEnd = clock();
      return {
        frame,
        mark,
        indexed,
        pictureHash,
        start,
        hashEnd,
        times: {
          fieldNs: fieldEnd - fieldStart,
          surfaceNs: surfaceEnd - surfaceStart,
          pictureNs: pictureEnd - pictureStart,
          convertNs: convertEnd - convertStart,
          instrumentsNs: hashEnd - convertEnd,
        },
        counts: {
          bricks: bricks.count,
          samples: bricks.sampleCount,
          activeCells: mesh.activeCellCount,
          vertices: mesh.vertexCount,
          triangles: mesh.triangleCount,
          shadedPixels: picture.shadedPixelCount,
        },
      };
    } catch (error) {
      arena.release(mark);
      throw new StageError(stage, frame, error);
    }
  }

  /** Runs the last step of a drawn frame and gives its memory back, whatever happens. */
  #finish({ frame, mark }: DrawnFrame, last: () => EncodedFrame): EncodedFrame {
    try {
      return last();
    } catch (error) {
      throw new StageError("encode", frame, error);
    } finally {
      this.#options.kernels.arena.release(mark);
    }
  }

  /** From palette indices, and those of the frame before, to the piece of the GIF. */
  #encode(drawn: DrawnFrame, previous: Uint8Array | null, { release }: Pick<IndexExchange, "release">): EncodedFrame {
    const { clock, onStage } = this.#options;
    const { frame, indexed, start, hashEnd, counts, pictureHash } = drawn;
    const waitEnd = clock();
    onStage?.("encode", frame);
    const encodeStart = clock();
    const bytes = this.#gif.encode(indexed, previous, { delayHundredths: frameDelay(frame, this.#settings.fps) });
    if (previous) release(frame - 1);
    const end = clock();
    const times = { ...drawn.times, waitNs: waitEnd - hashEnd, encodeNs: end - encodeStart };
    const wallNs = end - start;
    const accounted = Object.values(times).reduce((sum, value) => sum + value, 0);
    return {
      frame,
      bytes,
      times: { startNs: start, wallNs, ...times, unaccountedNs: wallNs - accounted },
      counts: { ...counts, gifBytes: bytes.length },
      pictureHash,
    };
  }
}

/** A frame as palette indices, with the kernel memory that it holds until it is encoded. */
interface DrawnFrame {
  readonly frame: number;
  readonly mark: ReturnType<Kernels["arena"]["mark"]>;
  readonly indexed: IndexedPicture;
  readonly pictureHash: string;
  readonly start: number;
  readonly hashEnd: number;
  readonly times: Pick<FrameTimes, "fieldNs" | "surfaceNs" | "pictureNs" | "convertNs" | "instrumentsNs">;
  readonly counts: Omit<FrameCounts, "gifBytes">;
}

/** The exchange of a lane that makes every frame itself, in order. */
export function createLocalExchange(width: number, height: number): IndexExchange {
  const slots = [new Uint8Array(width * height), new Uint8Array(width * height)];
  return {
    publish: (frame, indices) => slots[frame % 2].set(indices),
    take: (frame) => slots[frame % 2],
    release() {},
  };
}
