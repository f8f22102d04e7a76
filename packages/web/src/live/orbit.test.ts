import { type Camera, cameraAt, PRESETS } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { lookOf, ORBIT_START, orbitCamera, orbitOf, turned } from "./orbit.ts";

const CAMERA: Camera = { position: [0, 0, 4], direction: [0, 0, -2], up: [0, 1, 0], verticalFieldOfView: 40 };

describe("the angle in an address", () => {
  test("comes back as it was, to a tenth of a degree, and stands in none where nothing was turned", () => {
    for (const orbit of [
      { yaw: 35.5, pitch: -12, zoom: 0.8 },
      { yaw: -180, pitch: 89.9, zoom: 5 },
    ])
      expect(orbitOf(lookOf(orbit))).toEqual(orbit);
    expect(lookOf({ yaw: 0.04, pitch: -0.04, zoom: 1.0004 })).toBeUndefined();
    expect(orbitOf(undefined)).toEqual(ORBIT_START);
  });

  test.each(["", "1_2", "1_2_3_4", "a_b_c", "1__1", "1_2_0", "1_2_-1", "NaN_0_1", "1e999_0_1"])(
    "%j is no angle, and no error",
    (look) => {
      expect(orbitOf(look)).toEqual(ORBIT_START);
    },
  );

  test("what lies beyond the limits is brought within them", () => {
    expect(orbitOf("725_500_99")).toEqual({ yaw: 5, pitch: 180, zoom: 5 });
  });
});

describe("turning the camera by hand", () => {
  test("what was not turned is the scene's own camera, number for number", () => {
    expect(orbitCamera(CAMERA, ORBIT_START)).toBe(CAMERA);
  });

  test("a quarter to the right stands on +x and looks to the middle", () => {
    const { position, direction } = orbitCamera(CAMERA, { yaw: 90, pitch: 0, zoom: 1 });
    for (const [i, value] of [4, 0, 0].entries()) expect(position[i]).toBeCloseTo(value, 12);
    for (const [i, value] of [-4, 0, 0].entries()) expect(direction[i]).toBeCloseTo(value, 12);
  });

  test("half the zoom is half the distance, and the direction stays", () => {
    const { position, direction } = orbitCamera(CAMERA, { yaw: 0, pitch: 0, zoom: 0.5 });
    expect(position[2]).toBeCloseTo(2, 12);
    expect(direction[2]).toBeLessThan(0);
  });

  test.each(PRESETS.map((scene) => [scene.name, scene] as const))(
    "%s: the distance to what it turns around stays",
    (_, scene) => {
      const camera = cameraAt(scene.camera, 0.3, scene.parameters);
      const distance = ({ direction }: Camera) => Math.hypot(...direction);
      const first = distance(orbitCamera(camera, { yaw: 1e-9, pitch: 0, zoom: 1 }));
      for (const yaw of [-170, -20, 60, 180]) {
        for (const pitch of [-120, -30, 45, 170]) {
          expect(distance(orbitCamera(camera, { yaw, pitch, zoom: 1 }))).toBeCloseTo(first, 9);
        }
      }
    },
  );

  test("however far it is tipped, it never goes over the top", () => {
    for (const pitch of [89, 90, 120, 180, -90, -180]) {
      const { position, direction } = orbitCamera(CAMERA, { yaw: 30, pitch, zoom: 1 });
      expect(Math.abs(position[1])).toBeLessThan(4);
      expect(Math.hypot(direction[0], direction[2])).toBeGreaterThan(0.01);
    }
  });

  test("turns add up, yaw goes round, zoom stays within its limits", () => {
    expect(turned({ yaw: 170, pitch: 10, zoom: 1 }, { yaw: 20, pitch: 5 })).toEqual({ yaw: -170, pitch: 15, zoom: 1 });
    expect(turned(ORBIT_START, { zoom: 1e9 }).zoom).toBe(5);
    expect(turned(ORBIT_START, { zoom: 0 }).zoom).toBe(0.2);
  });
});
