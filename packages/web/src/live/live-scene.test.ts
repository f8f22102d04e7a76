import { createAnimation, decodeGif, PRESETS, preset } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { LiveScene } from "./live-scene.ts";
import { ORBIT_START } from "./orbit.ts";

const SIZE = { width: 96, height: 72 };

describe("what turns under the mouse", () => {
  test("untouched, is the frame that the GIF shows: each pixel within what a palette can miss", async () => {
    const live = new LiveScene();
    for (const scene of PRESETS) {
      live.set({ scene, dimension: 32 });
      const picture = live.draw({ time: 0.5, orbit: ORBIT_START, ...SIZE })!;
      const gif = decodeGif(await createAnimation({ scene, dimension: 32, ...SIZE, frames: 2, fps: 2 }).toGif());
      const shown = gif.frames[1]!.rgba;
      let most = 0;
      for (let i = 0; i < shown.length; i++) most = Math.max(most, Math.abs(shown[i]! - picture.rgba[i]!));
      expect(most, scene.name).toBeLessThanOrEqual(24);
    }
  });

  test("turned, it is another picture; turned back, the same one", () => {
    const live = new LiveScene();
    live.set({ scene: preset("seed"), dimension: 32 });
    const at = (yaw: number) => live.draw({ time: 0, orbit: { yaw, pitch: 0, zoom: 1 }, ...SIZE })!.rgba;
    const first = at(0);
    expect(at(40)).not.toEqual(first);
    expect(at(0)).toEqual(first);
  });

  test("other sizes, moments and scenes in between leave no trace", () => {
    const live = new LiveScene();
    const first = () => {
      live.set({ scene: preset("blobs"), dimension: 48 });
      return live.draw({ time: 0.2, orbit: ORBIT_START, ...SIZE })!;
    };
    const before = first();
    for (const width of [400, 33, 96]) live.draw({ time: 0.7, orbit: ORBIT_START, width, height: 50 });
    live.set({ scene: preset("gyroid"), dimension: 96 });
    live.draw({ time: 0, orbit: ORBIT_START, width: 640, height: 480 });
    expect(first()).toEqual(before);
  });

  test("a scene that can't be compiled is refused, and the next one is drawn", () => {
    const live = new LiveScene();
    expect(live.draw({ time: 0, orbit: ORBIT_START, ...SIZE })).toBeNull();
    const broken = { ...preset("seed"), parameters: {} };
    expect(() => live.set({ scene: broken, dimension: 16 })).toThrow(/parameter/);
    expect(live.draw({ time: 0, orbit: ORBIT_START, ...SIZE })).toBeNull();
    live.set({ scene: preset("seed"), dimension: 16 });
    expect(live.draw({ time: 0, orbit: ORBIT_START, ...SIZE })!.triangles).toBeGreaterThan(100);
  });
});
