import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Band, coverTriangles, selectTriangles } from "./cover.ts";
import { createScreen } from "./project.ts";
import { SAMPLE_X, SAMPLE_Y } from "./samples.ts";

const WIDTH = 24;
const HEIGHT = 16;
type Point = readonly [x: number, y: number];

/** Which samples a triangle covers, by the twin. */
function coverageOf(corners: readonly Point[], width = WIDTH, height = HEIGHT): boolean[] {
  const screen = createScreen(3);
  corners.forEach(([x, y], i) => {
    screen.ints.set([x, y], 4 * i);
    screen.floats[4 * i + 2] = 1;
  });
  const indices = Uint32Array.of(0, 1, 2);
  const samples = width * height * 4;
  const band: Band = {
    width,
    top: 0,
    bottom: height,
    depths: new Float32Array(samples),
    ids: new Uint32Array(samples),
  };
  coverTriangles(selectTriangles(screen, indices, 1, 0, width, height).drawn, screen, indices, 0, band);
  return Array.from(band.depths, (depth) => depth > 0);
}

/**
 * The same by definition, in whole numbers of any size: a sample is inside where it still is after a step of an
 * infinitely small amount to the right and a yet smaller one down, which is what the top-left rule means.
 */
function coverageByDefinition(corners: readonly Point[], width = WIDTH, height = HEIGHT): boolean[] {
  const [a, b, c] = corners.map(([x, y]) => [BigInt(x), BigInt(y)] as const);
  const side = (p: readonly bigint[], q: readonly bigint[], x: bigint, y: bigint) => {
    const [dx, dy] = [q[0] - p[0], q[1] - p[1]];
    const exact = dx * (y - p[1]) - dy * (x - p[0]);
    return exact !== 0n ? exact : dy !== 0n ? -dy : dx;
  };
  const result: boolean[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let s = 0; s < 4; s++) {
        const [sx, sy] = [BigInt(x * 256 + SAMPLE_X[s]), BigInt(y * 256 + SAMPLE_Y[s])];
        const sides = [side(a, b, sx, sy), side(b, c, sx, sy), side(c, a, sx, sy)];
        result.push(sides.every((v) => v > 0n) || sides.every((v) => v < 0n));
      }
    }
  }
  return result;
}

describe("coverTriangles", () => {
  const near = fc.tuple(
    fc.integer({ min: -300, max: WIDTH * 256 + 300 }),
    fc.integer({ min: -300, max: HEIGHT * 256 + 300 }),
  );
  const far = fc.tuple(
    fc.integer({ min: -2_600_000, max: 2_600_000 }),
    fc.integer({ min: -2_600_000, max: 2_600_000 }),
  );
  /** Exactly where samples are, so that many edges run through samples. */
  const onSamples = fc
    .tuple(fc.integer({ min: -8, max: WIDTH * 4 + 8 }), fc.integer({ min: -8, max: HEIGHT * 4 + 8 }))
    .map(([x, y]): Point => [x * 64 + 32, y * 64 + 32]);

  it.each([
    ["near", near],
    ["far away", far],
    ["on samples", onSamples],
    ["anywhere", fc.oneof(near, far, onSamples)],
  ] as const)("covers the samples that the definition says, corners %s", (_, point) => {
    fc.assert(
      fc.property(fc.tuple(point, point, point), (corners) => {
        expect(coverageOf(corners)).toEqual(coverageByDefinition(corners));
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it("covers each sample of a convex quad exactly once, whichever diagonal splits it and whichever way it winds", () => {
    const turn = ([x, y]: Point, quarter: number): Point => {
      const [cx, cy] = [x - 2048, y - 2048];
      const turned = [
        [cx, cy],
        [-cy, cx],
        [-cx, -cy],
        [cy, -cx],
      ][quarter];
      return [turned[0] + 2048, turned[1] + 2048];
    };
    const quads: Point[][] = [
      [
        [544, 544],
        [3104, 544],
        [3104, 2592],
        [544, 2592],
      ],
      [
        [512, 512],
        [3072, 512],
        [3072, 3072],
        [512, 3072],
      ],
      [
        [2048, 100],
        [4000, 2048],
        [2048, 4000],
        [96, 2048],
      ],
      [
        [500, 611],
        [3300, 97],
        [3777, 3001],
        [901, 3500],
      ],
      [
        [32, 32],
        [4000, 96],
        [4000, 160],
        [32, 96],
      ],
    ];
    for (const quad of quads) {
      for (let quarter = 0; quarter < 4; quarter++) {
        const [a, b, c, d] = quad.map((p) => turn(p, quarter));
        const inside = [
          [a, b, c],
          [a, c, d],
          [a, b, d],
          [b, c, d],
        ].map((t) => coverageOf(t, 16, 16));
        const mirrored = coverageOf([c, b, a], 16, 16);
        expect(mirrored).toEqual(inside[0]);
        inside[0].forEach((first, i) => {
          const times = Number(first) + Number(inside[1][i]);
          expect(times).toBeLessThanOrEqual(1);
          expect(times).toBe(Number(inside[2][i]) + Number(inside[3][i]));
        });
      }
    }
  });

  it("covers each sample around the hub of a fan exactly once", () => {
    const hub: Point = [96 + 256 * 8, 32 + 256 * 8];
    const rim: Point[] = Array.from({ length: 11 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 11;
      return [Math.round(hub[0] + 9000 * Math.cos(angle)), Math.round(hub[1] + 9000 * Math.sin(angle))];
    });
    const times = new Array(16 * 16 * 4).fill(0);
    rim.forEach((point, i) => {
      for (const [s, inside] of coverageOf([hub, point, rim[(i + 1) % 11]], 16, 16).entries())
        times[s] += Number(inside);
    });
    expect(times.every((n) => n === 1)).toBe(true);
  });

  it("draws nothing for a triangle without area", () => {
    for (const corners of [
      [
        [0, 0],
        [4096, 4096],
        [2048, 2048],
      ],
      [
        [500, 500],
        [500, 500],
        [500, 500],
      ],
    ] as Point[][]) {
      expect(coverageOf(corners).some(Boolean)).toBe(false);
    }
  });
});

describe("selectTriangles", () => {
  it("keeps every triangle with a covered sample and says its rows", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -600, max: 7000 }), fc.integer({ min: -600, max: 5000 })), {
          minLength: 3,
          maxLength: 3,
        }),
        (corners) => {
          const screen = createScreen(3);
          corners.forEach(([x, y], i) => void screen.ints.set([x, y], 4 * i));
          const { drawn } = selectTriangles(screen, Uint32Array.of(0, 1, 2), 1, 5, WIDTH, HEIGHT);
          const rows = coverageByDefinition(corners).flatMap((inside, i) =>
            inside ? [Math.floor(i / 4 / WIDTH)] : [],
          );
          if (rows.length === 0) return;
          expect(drawn[0]).toBe(5);
          expect(drawn[1] & 0xffff).toBeLessThanOrEqual(rows[0]);
          expect(drawn[1] >>> 16).toBeGreaterThanOrEqual(rows[rows.length - 1]);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });
});
