/**
 * The look: how bright a surface is for its normal, and what colour that brightness has.
 *
 * Three white directional lights (key, fill, and an ambient one from straight above) add up to one number, the intensity
 * s. Each wraps around the surface, strength · (max(n·l + wrap, 0) / (1 + wrap))², so that nothing facing away goes
 * black and no terminator shows. The colour of s is the surface colour times s, with a shoulder that bends towards white.
 * All colours of a surface therefore lie on one curve, which a palette of 255 can follow closely; lights have a direction
 * and no place, so a flat face has one flat colour, which compresses well.
 *
 * The curve is cut into levels, each as long as one step of the channel that changes fastest there: fewer would show as
 * bands, more could not be told apart in 8 bits. Edges blend a level with the background in linear light, by quarters.
 */
import { EngineError } from "../errors.ts";
import { LOOK_DEFAULTS } from "../scene/fields.ts";
import type { LookSpec } from "../scene/spec.ts";
import { LINEAR_OF_CODE, linearFromSrgb, srgb8FromLinear, srgbCodeBetween } from "./srgb.ts";

/** How far the key, the fill and the ambient light reach around a surface. */
const WRAPS = [0.25, 1, 3] as const;
/** Intensity up to which a colour is the surface colour times the intensity. */
export const KNEE = 0.6;
/** Intensities that are told apart, from 0 to the greatest there can be. */
export const INTENSITY_STEPS = 4096;
/** Most levels of the curve. */
export const LEVELS = 256;

/** Where each number lies in `Look.lights`; one lane each for key, fill and ambient. */
export const LIGHTS = { x: 0, y: 4, z: 8, wrap: 12, strength: 16, scale: 20, length: 24 } as const;

/** A look, resolved into numbers and tables. Make it once and use it for every frame. */
export interface Look {
  /** Single-precision numbers of the lights, laid out as `LIGHTS` says; `strength` is already over (1 + wrap)². */
  readonly lights: Float32Array;
  /** The level of each of the `INTENSITY_STEPS` intensities. */
  readonly levels: Uint8Array;
  /** RGBA for coverage of 0 to 4 quarters and each level: index `(quarters · LEVELS + level) · 4`. */
  readonly colors: Uint8Array;
}

/** Resolves a look into numbers. Throws `invalid-input` for colours outside 0 to 1, negative strengths and directions without length. */
export function resolveLook(spec: LookSpec): Look {
  const look = { ...LOOK_DEFAULTS, ...withoutUndefined(spec) };
  for (const name of ["surfaceColor", "backgroundColor"] as const) {
    if (!look[name].every((channel) => channel >= 0 && channel <= 1)) {
      throw refuse(name, `channels from 0 to 1`, look[name]);
    }
  }
  const strengths = [look.key, look.fill, look.ambient] as const;
  for (const name of ["key", "fill", "ambient"] as const) {
    if (!(look[name] >= 0 && look[name] <= 1000)) throw refuse(name, "a number from 0 to 1000", [look[name]]);
  }
  const directions = [
    unit("keyDirection", look.keyDirection),
    unit("fillDirection", look.fillDirection),
    [0, 1, 0] as const,
  ];

  const lights = new Float32Array(LIGHTS.length);
  let most = 0;
  for (let light = 0; light < 3; light++) {
    const reach = 1 + WRAPS[light];
    lights[LIGHTS.x + light] = directions[light][0];
    lights[LIGHTS.y + light] = directions[light][1];
    lights[LIGHTS.z + light] = directions[light][2];
    lights[LIGHTS.wrap + light] = WRAPS[light];
    lights[LIGHTS.strength + light] = strengths[light] / (reach * reach);
    most += strengths[light];
  }
  lights[LIGHTS.scale] = most > 0 ? (INTENSITY_STEPS - 1) / most : 0;
  return { lights, ...curve(look.surfaceColor, look.backgroundColor, most) };
}

/** Linear colour of an intensity: `base · s` up to the knee, then smoothly (same slope) towards 1. */
export function rampChannel(base: number, intensity: number): number {
  if (intensity <= KNEE || base <= 0) return Math.min(base * intensity, 1);
  const room = 1 - base * KNEE;
  if (room <= 0) return 1;
  const reach = room / base;
  return 1 - (room * reach) / (reach + intensity - KNEE);
}

function curve(
  surface: readonly number[],
  background: readonly number[],
  most: number,
): Pick<Look, "levels" | "colors"> {
  const base = surface.map(linearFromSrgb);
  const behind = background.map(linearFromSrgb);

  // Length along the curve, counted in steps of the channel that changes fastest.
  const lengths = new Float64Array(INTENSITY_STEPS);
  const before = new Float64Array(3);
  // Intensities rise, so the search for a channel's code goes on from where the last one ended.
  const below = new Int32Array(3);
  for (let step = 0; step < INTENSITY_STEPS; step++) {
    const intensity = (most * step) / (INTENSITY_STEPS - 1);
    let change = 0;
    for (let channel = 0; channel < 3; channel++) {
      const linear = rampChannel(base[channel], intensity);
      while (below[channel] < 254 && LINEAR_OF_CODE[below[channel] + 1] <= linear) below[channel]++;
      const code = srgbCodeBetween(below[channel], linear);
      change = Math.max(change, Math.abs(code - before[channel]));
      before[channel] = code;
    }
    lengths[step] = (step > 0 ? lengths[step - 1] : 0) + change;
  }
  const whole = lengths[INTENSITY_STEPS - 1];
  const perLevel = Math.max(1, whole / (LEVELS - 1));

  // The colour of a level is that of the middle of its intensities.
  const levels = new Uint8Array(INTENSITY_STEPS);
  const first = new Int32Array(LEVELS).fill(-1);
  const last = new Int32Array(LEVELS).fill(-1);
  for (let step = 0; step < INTENSITY_STEPS; step++) {
    const level = Math.min(Math.floor(lengths[step] / perLevel), LEVELS - 1);
    levels[step] = level;
    if (first[level] < 0) first[level] = step;
    last[level] = step;
  }
  const colors = new Uint8Array(5 * LEVELS * 4);
  for (let level = 0; level < LEVELS; level++) {
    const intensity = first[level] < 0 ? 0 : (most * (first[level] + last[level])) / 2 / (INTENSITY_STEPS - 1);
    for (let quarters = 0; quarters <= 4; quarters++) {
      const at = (quarters * LEVELS + level) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const front = rampChannel(base[channel], intensity);
        colors[at + channel] = srgb8FromLinear((front * quarters + behind[channel] * (4 - quarters)) / 4);
      }
      colors[at + 3] = 255;
    }
  }
  return { levels, colors };
}

function withoutUndefined(spec: LookSpec): LookSpec {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as unknown as LookSpec;
}

function unit(name: string, v: readonly [number, number, number]): readonly [number, number, number] {
  const largest = Math.max(Math.abs(v[0]), Math.abs(v[1]), Math.abs(v[2]));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) throw refuse(name, "a direction with a length", v);
  const [x, y, z] = [v[0] / largest, v[1] / largest, v[2] / largest];
  const length = Math.sqrt(x * x + y * y + z * z);
  return [x / length, y / length, z / length];
}

function refuse(field: string, expected: string, got: readonly number[]): EngineError {
  return new EngineError(
    "invalid-input",
    `look: ${field} must be ${expected}, got ${got.join(", ")}. Change the look of the scene.`,
    { field, got },
  );
}
