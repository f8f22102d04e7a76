import { completeSettings } from "@volumark/engine";
import type { FrameFacts } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { surfaceWarnings } from "./surface-warnings.ts";

const settings = completeSettings({ scene: "seed" });

/** One frame for each pair of triangles and shaded pixels. */
const frames = (counts: readonly (readonly [number, number])[]) =>
  counts.map(([triangles, shadedPixels], frame) => ({ frame, counts: { triangles, shadedPixels } }) as FrameFacts);
const codes = (counts: readonly (readonly [number, number])[]) =>
  surfaceWarnings(frames(counts), settings).map(({ code }) => code);

describe("surfaceWarnings", () => {
  test("frames that show a surface, and a run without frames, are not warned about", () => {
    expect(codes([])).toEqual([]);
    expect(
      codes([
        [1, 1],
        [200, 50],
      ]),
    ).toEqual([]);
  });

  test("an animation without a triangle is not passed over", () => {
    const [warning, ...others] = surfaceWarnings(
      frames([
        [0, 0],
        [0, 0],
      ]),
      settings,
    );
    expect(others).toEqual([]);
    expect(warning?.code).toBe("no-surface");
    expect(warning?.evidence).toMatch(/^0 triangles in all 2 frames: /);
    expect(warning?.action).toMatch(/-1 to 1 .* thickness: a gyroid thicker than about 0\.28 of its period is solid/);
  });

  test("of some frames it says how many, and which is the first", () => {
    const [warning] = surfaceWarnings(
      frames([
        [5, 1],
        [0, 0],
        [0, 0],
      ]),
      settings,
    );
    expect(warning?.evidence).toMatch(/^0 triangles in 2 of 3 frames, the first of them frame 1: /);
    expect(surfaceWarnings(frames([[0, 0]]), settings)[0]?.evidence).toMatch(/^0 triangles in the only frame: /);
  });

  test("a surface that covers no pixel is the camera's affair", () => {
    const [warning] = surfaceWarnings(frames([[12, 0]]), settings);
    expect(warning?.code).toBe("out-of-view");
    expect(warning?.action).toContain("camera");
  });

  test("of a volume of samples the action names the level", () => {
    const volume = { kind: "samples", options: { level: 40 } } as never;
    const [warning] = surfaceWarnings(frames([[0, 0]]), { ...settings, volume });
    expect(warning?.action).toMatch(/--level .* \(it is 40\), and look at --inside/);
  });
});
