/**
 * An animation from settings: the palette from the look, then the frames, one after the other.
 *
 * This is the one-lane loop that an embedder uses, in Node or in a browser worker. Hosts with several lanes use
 * `FrameMaker` with an exchange of their own; the bytes are the same.
 */
import { type Backend, createLocalExchange, type EncodedFrame, FrameMaker, type NanosecondClock } from "./frame.ts";
import { GIF_TRAILER, gifHeader, type Palette, paletteAround } from "./gif/index.ts";
import { Kernels } from "./kernels/kernels.ts";
import { SETTINGS_DEFAULTS } from "./limits.ts";
import { type Look, lookColors, resolveLook } from "./picture/index.ts";
import { preset } from "./scene/index.ts";
import type { SceneSpec } from "./scene/spec.ts";
import { type AnimationSettings, checkSettings, sceneDimension } from "./settings.ts";

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
  const settings = { ...SETTINGS_DEFAULTS, dimension: sceneDimension(scene), ...input, scene };
  checkSettings(settings);
  return settings;
}

/** An animation, ready to be iterated once or several times. Throws on invalid settings. */
export function createAnimation(input: AnimationInput, options: AnimationOptions = {}): Animation {
  const settings = completeSettings(input);
  const { kernels = new Kernels(), backend = "wasm", clock = () => 0, signal } = options;
  const { width, height, frames } = settings;
  const look = resolveLook(settings.scene.look);
  const palette = lookPalette(look);
  const header = gifHeader({ width, height, palette });

  async function* iterate(): AsyncGenerator<EncodedFrame> {
    const mark = kernels.arena.mark();
    const exchange = createLocalExchange(width, height);
    const maker = new FrameMaker(settings, { kernels, palette, look, clock, exchange, backend });
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
 * The palette of every animation with this look: each colour that a surface or the background can have, exactly, and the
 * blends along outlines by their nearest. Known from the look alone, so it costs no frame (about 3 ms), and every lane and
 * every host gets the same one.
 */
export function lookPalette(look: Look): Palette {
  const { solid, blended } = lookColors(look);
  return paletteAround(solid, blended);
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
