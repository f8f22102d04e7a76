import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { cameraAt } from "./camera.ts";
import type { Camera } from "./picture.ts";
import { createScreen, projectVertices } from "./project.ts";
import { VIEW, viewOf } from "./view.ts";

const CAMERA: Camera = { position: [0, 0, 4], direction: [0, 0, -2], up: [0, 1, 0], verticalFieldOfView: 90 };

/** Pixel coordinates of a point. */
function pixelOf(camera: Camera, point: readonly [number, number, number], width = 200, height = 100): number[] {
  const screen = createScreen(1);
  projectVertices(Float32Array.from(point), 1, viewOf(camera, width, height), screen);
  expect(screen.ints[3]).toBe(0);
  return [screen.ints[0] / 256, screen.ints[1] / 256];
}

describe("viewOf", () => {
  it("puts what is straight ahead into the middle of the picture", () => {
    expect(pixelOf(CAMERA, [0, 0, 0])).toEqual([100, 50]);
  });

  it("shows +y upwards, +x to the right, and the field of view from the top to the bottom edge", () => {
    expect(pixelOf(CAMERA, [0, 4, 0])).toEqual([100, 0]);
    expect(pixelOf(CAMERA, [0, -4, 0])).toEqual([100, 100]);
    expect(pixelOf(CAMERA, [4, 0, 0])).toEqual([150, 50]);
    expect(pixelOf({ ...CAMERA, verticalFieldOfView: 45 }, [0, 4 * Math.tan(Math.PI / 8), 0])[1]).toBeCloseTo(0, 2);
  });

  it("is right-handed and orthonormal for any direction", () => {
    const view = viewOf({ ...CAMERA, direction: [0.3, -0.7, 0.2], up: [0.1, 1, 0.4] }, 64, 64);
    const row = (at: number) => [...view.subarray(at, at + 3)];
    const [r, u, f] = [row(VIEW.right), row(VIEW.up), row(VIEW.forward)];
    const dot = (a: number[], b: number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    for (const v of [r, u, f]) expect(dot(v, v)).toBeCloseTo(1, 6);
    for (const [a, b] of [
      [r, u],
      [u, f],
      [f, r],
    ])
      expect(dot(a, b)).toBeCloseTo(0, 6);
    expect(r[1] * u[2] - r[2] * u[1]).toBeCloseTo(-f[0], 6);
  });

  it("looks straight down with −z at the top of the picture, and straight up with +z there", () => {
    const down = { ...CAMERA, position: [0, 4, 0], direction: [0, -1, 0] } as const;
    expect(pixelOf(down, [0, 0, -4])).toEqual([100, 0]);
    expect(pixelOf(down, [4, 0, 0])).toEqual([150, 50]);
    const up = { ...CAMERA, position: [0, -4, 0], direction: [0, 1, 0] } as const;
    expect(pixelOf(up, [0, 0, 4])).toEqual([100, 0]);
  });

  it.each([
    [
      [0, 0, 1],
      [0, 0, -1],
    ],
    [
      [0, 0, 0],
      [0, -1, 0],
    ],
    [
      [1, 1, 1],
      [2, 2, 2],
    ],
    [
      [0, 1, 0],
      [1e-9, -1, 0],
    ],
  ] as const)("finds another up for up %j along direction %j", (up, direction) => {
    const view = viewOf({ ...CAMERA, up, direction }, 10, 10);
    const right = view.subarray(VIEW.right, VIEW.right + 3);
    expect(Math.hypot(...right)).toBeCloseTo(1, 6);
  });

  it.each([
    [{ direction: [0, 0, 0] }, "direction must have a length, got (0, 0, 0)"],
    [{ direction: [0, Number.NaN, 1] }, "direction"],
    [{ position: [0, Number.POSITIVE_INFINITY, 1] }, "position must be finite"],
    [{ verticalFieldOfView: 0 }, "from 0.001 to 179 degrees, got 0"],
    [{ verticalFieldOfView: 179.001 }, "got 179.001"],
    [{ verticalFieldOfView: Number.NaN }, "got NaN"],
  ] as const)("refuses %j", (change, message) => {
    const draw = () => viewOf({ ...CAMERA, ...change }, 10, 10);
    expect(draw).toThrow(EngineError);
    expect(draw).toThrow(message);
  });
});

describe("cameraAt", () => {
  it("looks to the origin at every moment where no direction is given", () => {
    const spec = {
      position: [
        { wave: { amplitude: 3, frequency: 1 } },
        1,
        {
          keyframes: [
            [0, 2],
            [1, 4],
          ],
        },
      ],
    } as const;
    for (const time of [0, 0.25, 0.8]) {
      const { position, direction } = cameraAt(spec, time);
      expect(direction).toEqual(position.map((value) => -value));
    }
  });

  const spec = {
    position: [{ wave: { amplitude: 2, frequency: 0.25 } }, { parameter: "height" }, 4],
    direction: [
      0,
      0,
      {
        keyframes: [
          [0, 0],
          [1, -1],
        ],
        easing: "linear",
      },
    ],
    verticalFieldOfView: 45,
  } as const;

  it("evaluates what moves, and takes +y as up", () => {
    const camera = cameraAt(spec, 1, { height: 3 });
    expect(camera).toEqual({ position: [2, 3, 4], direction: [0, 0, -1], up: [0, 1, 0], verticalFieldOfView: 45 });
  });

  it("says at which time the camera looks nowhere", () => {
    expect(() => cameraAt(spec, 0, { height: 3 })).toThrow(
      "got (0, 0, 0). Change the camera of the scene. This is at 0 s.",
    );
  });
});
