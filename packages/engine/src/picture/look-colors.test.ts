import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawAnimation } from "./fixtures/animation.ts";
import { lookColors } from "./look-colors.ts";
import { INTENSITY_STEPS, LEVELS, LIGHTS, type Look, resolveLook } from "./shade.ts";

/** Every colour of the look's table, reached or not. */
function tableColors({ colors }: Look): Set<number> {
  const all = new Set<number>();
  for (let at = 0; at < colors.length; at += 4) all.add((colors[at]! << 16) | (colors[at + 1]! << 8) | colors[at + 2]!);
  return all;
}

describe("the colours of a look", () => {
  test.each(["seed", "gyroid", "column", "lattice", "blobs"])(
    "hold every pixel of the %s preset, so that none is off the palette's plan",
    (name) => {
      const { look, pictures } = drawAnimation(name, { width: 160, height: 120, dimension: 32, frames: 5 });
      const { solid, blended } = lookColors(look);
      const known = new Set([...solid, ...blended]);
      const unknown = new Set<number>();
      for (const { rgba } of pictures) {
        for (let i = 0; i < rgba.length; i += 4) {
          const color = (rgba[i]! << 16) | (rgba[i + 1]! << 8) | rgba[i + 2]!;
          if (!known.has(color)) unknown.add(color);
        }
      }
      expect([...unknown]).toEqual([]);
    },
  );

  test("cover the intensity of any normal under any lights", () => {
    const direction = fc
      .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))
      .filter((v) => v.some((x) => x !== 0));
    const strength = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        direction,
        direction,
        direction,
        strength,
        strength,
        strength,
        (normal, keyDirection, fillDirection, key, fill, ambient) => {
          const surfaceColor = [0.5, 0.4, 0.3] as const;
          const look = resolveLook({ surfaceColor, keyDirection, fillDirection, key, fill, ambient });
          const length = Math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2);
          let intensity = 0;
          for (let l = 0; l < 3; l++) {
            const { lights } = look;
            const along =
              (normal[0] * lights[LIGHTS.x + l]! +
                normal[1] * lights[LIGHTS.y + l]! +
                normal[2] * lights[LIGHTS.z + l]!) /
              length;
            intensity += lights[LIGHTS.strength + l]! * Math.max(along + lights[LIGHTS.wrap + l]!, 0) ** 2;
          }
          const step = Math.min(INTENSITY_STEPS - 1, Math.floor(intensity * look.lights[LIGHTS.scale]! + 0.5));
          const at = (4 * LEVELS + look.levels[step]!) * 4;
          const color = (look.colors[at]! << 16) | (look.colors[at + 1]! << 8) | look.colors[at + 2]!;
          expect(lookColors(look).solid).toContain(color);
        },
      ),
      { seed: 20261124, numRuns: 300 },
    );
  });

  test("are all in the look's table, each once, the background first", () => {
    const look = resolveLook({ surfaceColor: [0.35, 0.55, 0.9], backgroundColor: [1, 0, 0] });
    const { solid, blended } = lookColors(look);
    expect(solid[0]).toBe(0xff0000);
    expect(new Set([...solid, ...blended]).size).toBe(solid.length + blended.length);
    const table = tableColors(look);
    expect([...solid, ...blended].filter((color) => !table.has(color))).toEqual([]);
  });
});
