/**
 * An animation from settings: the palette from a few probe frames, then the frames, one after the other.
 *
 * This is the one-lane loop that an embedder uses, in Node or in a browser worker. Hosts with several lanes use
 * `FrameMaker` with an exchange of their own; the bytes are the same.
 */
import type { FieldModules } from "./field/index.ts";
import { type Backend, createLocalExchange, type EncodedFrame, FrameMaker, type NanosecondClock } from "./frame.ts";
import { choosePalette, GIF_TRAILER, gifHeader, type Palette } from "./gif/index.ts";
import { Kernels } from "./kernels/kernels.ts";
import { cameraAt, createPictureWorkspace, drawMeshInto, type Picture, resolveLook } from "./picture/index.ts";
import { preset } from "./scene/index.ts";
import type { SceneSpec } from "./scene/spec.ts";
import { type AnimationSettings, checkSettings, SETTINGS_DEFAULTS } from "./settings.ts";
import { createSettingsField } from "./settings-field.ts";
import { createSurfaceWorkspace, extractSurfaceInto } from "./surface/index.ts";

/** The part of an `AbortSignal` that is needed here. */
export interface AbortSignalLike {
  readonly aborted: boolean;
}

export interface AnimationOptions {
  /** Ends the iteration before the next frame; that is a result, not an error. */
  readonly signal?: AbortSignalLike;
  readonly kernels?: Kernels;
  readonly backend?: Backend;
  /** Nanoseconds, never going back. Without one all times are 0. */
  readonly clock?: NanosecondClock;
}

/** Settings with the defaults left out: a scene or the name of a preset is enough. */
export type AnimationInput = Partial<Omit<AnimationSettings, "scene">> & { readonly scene: SceneSpec | string };

/** Frames in order, each with its piece of the GIF; `header`, then every frame's bytes, then `GIF_TRAILER`. */
export interface Animation extends AsyncIterable<EncodedFrame> {
  readonly settings: AnimationSettings;
  readonly palette: Palette;
  readonly header: Uint8Array;
  /** Makes all frames (those up to an abort) and returns the whole GIF. */
  toGif(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Fills in the defaults and checks the limits. Throws `invalid-settings`, `unknown-preset`. */
export function completeSettings(input: AnimationInput): AnimationSettings {
  const scene = typeof input.scene === "string" ? preset(input.scene) : input.scene;
  const settings = { ...SETTINGS_DEFAULTS, ...input, scene };
  checkSettings(settings);
  return settings;
}

/** An animation, ready to be iterated once or several times. Throws on invalid settings; work starts with the palette, here. */
export function createAnimation(input: AnimationInput, options: AnimationOptions = {}): Animation {
  const settings = completeSettings(input);
  const { kernels = new Kernels(), backend = "wasm", clock = () => 0, signal } = options;
  const { width, height, frames } = settings;
  const palette = probePalette(settings, kernels, backend);
  const header = gifHeader({ width, height, palette });

  async function* iterate(): AsyncGenerator<EncodedFrame> {
    const mark = kernels.arena.mark();
    const exchange = createLocalExchange(width, height);
    const maker = new FrameMaker(settings, { kernels, palette, clock, exchange, backend });
    try {
      for (let frame = 0; frame < frames && !signal?.aborted; frame++) yield maker.make(frame);
    } finally {
      kernels.arena.release(mark);
    }
  }

  return {
    settings,
    palette,
    header,
    [Symbol.asyncIterator]: iterate,
    async toGif() {
      const parts: Uint8Array[] = [header];
      for await (const frame of iterate()) parts.push(frame.bytes);
      parts.push(GIF_TRAILER);
      return concatenate(parts);
    },
  };
}

/**
 * Most probe frames that the palette is chosen from. They are drawn at full size: from small ones the blends along
 * edges are missing, which costs 3 dB on the seed preset.
 */
export const PROBE_FRAMES = 4;
/** The grid of a probe frame is no finer than this: the colours do not depend on it. */
const PROBE_DIMENSION = 64;

/**
 * The palette of an animation, chosen from a few frames spread over its length. Depends on the settings alone,
 * so that every lane and every host gets the same one. Costs as much as those frames.
 */
export function probePalette(
  settings: AnimationSettings,
  kernels: Kernels,
  backend: Backend = "wasm",
  modules?: FieldModules,
): Palette {
  const mark = kernels.arena.mark();
  try {
    return choosePalette(probePictures(settings, kernels, backend, modules), { kernels });
  } finally {
    kernels.arena.release(mark);
  }
}

/** The probe frames, one after the other in the same memory: each is gone when the next is asked for. */
function* probePictures(
  settings: AnimationSettings,
  kernels: Kernels,
  backend: Backend,
  modules: FieldModules | undefined,
): Generator<Picture> {
  const { scene, frames, fps, width, height } = settings;
  const dimension = Math.min(settings.dimension, PROBE_DIMENSION);
  const { arena } = kernels;
  const field = createSettingsField(settings, { kernels, backend, dimension, ...(modules ? { modules } : {}) });
  const surface = createSurfaceWorkspace(kernels, { backend });
  const workspace = createPictureWorkspace(kernels, { width, height, backend });
  const look = resolveLook(scene.look);
  const probes = Math.min(frames, PROBE_FRAMES);
  for (let i = 0; i < probes; i++) {
    const mark = arena.mark();
    const time = Math.floor(((i + 0.5) * frames) / probes) / fps;
    const moment = field.at(time);
    const mesh = extractSurfaceInto(surface, moment.sample(dimension), {
      normals: (positions, normals) => moment.normalsInto(positions, normals),
    });
    yield drawMeshInto(workspace, mesh, cameraAt(scene.camera, time, scene.parameters), look);
    arena.release(mark);
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
