/**
 * Every colour that pictures with a look can hold, known before one is drawn.
 *
 * A pixel shows one level of the look's curve, or a level blended with the background by quarters (`shade.ts`). Which
 * levels there are follows from the lights: intensity is a smooth function of the normal, so its least and greatest value
 * over all normals bound it, and averages over a pixel's samples stay between them. The seed preset reaches 174 of 241
 * levels, the other presets 155 to 178 (November 2026): few enough that a palette holds each of them exactly.
 */
import { INTENSITY_STEPS, LEVELS, LIGHTS, type Look } from "./shade.ts";

export interface LookColors {
  /** The background, then every level that a surface can have, from dark to bright; 0xRRGGBB, each once. */
  readonly solid: Uint32Array;
  /** What the pixels along an outline can have besides, ascending; 0xRRGGBB, each once. */
  readonly blended: Uint32Array;
}

/** Directions looked at along each edge of a cube's face; intensity between two neighbours differs by less than a level. */
const DIRECTIONS = 24;
/** Steps of intensity added at both ends, for what lies between two directions and for single precision. */
const MARGIN = 8;

/** The colours of a look. Costs some 10 000 evaluations of the lights, whatever the size of the pictures. */
export function lookColors(look: Look): LookColors {
  const [least, greatest] = reachedSteps(look);
  const first = look.levels[least];
  const last = look.levels[greatest];
  const color = (quarters: number, level: number) => {
    const at = (quarters * LEVELS + level) * 4;
    return (look.colors[at] << 16) | (look.colors[at + 1] << 8) | look.colors[at + 2];
  };
  const solid = new Set([color(0, first)]);
  for (let level = first; level <= last; level++) solid.add(color(4, level));
  const blended = new Set<number>();
  for (let quarters = 1; quarters < 4; quarters++) {
    for (let level = first; level <= last; level++) {
      const blend = color(quarters, level);
      if (!solid.has(blend)) blended.add(blend);
    }
  }
  return { solid: Uint32Array.from(solid), blended: Uint32Array.from(blended).sort() };
}

/** The least and the greatest step of intensity over all normals: a cube's faces, each point pulled onto the sphere. */
function reachedSteps({ lights }: Look): readonly [number, number] {
  // A normal without length, where the field has no gradient, is lit like one that is square to every light.
  let least = intensityStep(lights, 0, 0, 0);
  let greatest = least;
  for (let i = 0; i <= DIRECTIONS; i++) {
    const u = (2 * i) / DIRECTIONS - 1;
    for (let j = 0; j <= DIRECTIONS; j++) {
      const v = (2 * j) / DIRECTIONS - 1;
      const shorten = 1 / Math.sqrt(1 + u * u + v * v);
      const a = u * shorten;
      const b = v * shorten;
      for (let side = 0; side < 6; side++) {
        const c = side < 3 ? shorten : -shorten;
        const axis = side % 3;
        const step =
          axis === 0
            ? intensityStep(lights, c, a, b)
            : axis === 1
              ? intensityStep(lights, b, c, a)
              : intensityStep(lights, a, b, c);
        if (step < least) least = step;
        if (step > greatest) greatest = step;
      }
    }
  }
  return [Math.max(0, Math.floor(least) - MARGIN), Math.min(INTENSITY_STEPS - 1, Math.ceil(greatest) + MARGIN)];
}

function intensityStep(lights: Float32Array, x: number, y: number, z: number): number {
  let intensity = 0;
  for (let light = 0; light < 3; light++) {
    const along = x * lights[LIGHTS.x + light] + y * lights[LIGHTS.y + light] + z * lights[LIGHTS.z + light];
    const reached = Math.max(along + lights[LIGHTS.wrap + light], 0);
    intensity += lights[LIGHTS.strength + light] * reached * reached;
  }
  return intensity * lights[LIGHTS.scale];
}
