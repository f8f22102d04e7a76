import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SceneNode } from "../scene/spec.ts";
import { compileScene } from "./compile.ts";
import { exactly, singly, somePoints } from "./fixtures/evaluate.ts";
import { sceneOf } from "./fixtures/scenes.ts";
import { ProgramBuilder } from "./program.ts";
import { ReferenceEvaluator } from "./reference.ts";
import { cosineTurns, sineTurns } from "./shapes.ts";

type V = readonly [number, number, number];

/** The field in double precision. */
const fieldOf = (node: SceneNode, time = 0) => {
  const field = exactly(sceneOf(node), time);
  return (p: V) => field(...p);
};

/** Distance to a solid of revolution about y with a convex polygon as its half section, by its edges. */
function polygonDistance(polygon: readonly (readonly [number, number])[], r: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let inside = true;
  for (let i = 0; i < polygon.length; i++) {
    const [ax, ay] = polygon[i];
    const [bx, by] = polygon[(i + 1) % polygon.length];
    const [ex, ey] = [bx - ax, by - ay];
    if (ex * (y - ay) - ey * (r - ax) < 0) inside = false;
    // The axis is no part of the surface.
    if (ax === 0 && bx === 0) continue;
    const t = Math.min(Math.max(((r - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey), 0), 1);
    nearest = Math.min(nearest, Math.hypot(r - ax - ex * t, y - ay - ey * t));
  }
  return inside ? -nearest : nearest;
}

describe("shapes are where they say, as far as they say", () => {
  const round = (p: V) => Math.hypot(p[0], p[2]);
  const boxDistance = (p: V, h: V) => {
    const q = p.map((v, k) => Math.abs(v) - h[k]);
    const outside = Math.hypot(...q.map((v) => Math.max(v, 0)));
    return outside > 0 ? outside : Math.max(...q);
  };
  const truths: readonly (readonly [SceneNode, (p: V) => number])[] = [
    [{ type: "sphere", radius: 0.7 }, (p) => Math.hypot(...p) - 0.7],
    [{ type: "box", halfExtents: [0.5, 0.3, 0.8] }, (p) => boxDistance(p, [0.5, 0.3, 0.8])],
    [{ type: "roundedBox", halfExtents: [0.5, 0.3, 0.8], radius: 0.1 }, (p) => boxDistance(p, [0.4, 0.2, 0.7]) - 0.1],
    [
      // More rounding than there is room for: as much as there is.
      { type: "roundedBox", halfExtents: [0.5, 0.3, 0.8], radius: 3 },
      (p) => boxDistance(p, [0.2, 0, 0.5]) - 0.3,
    ],
    [{ type: "torus", majorRadius: 0.5, minorRadius: 0.2 }, (p) => Math.hypot(round(p) - 0.5, p[1]) - 0.2],
    [
      { type: "cylinder", radius: 0.4, halfHeight: 0.6 },
      (p) =>
        polygonDistance(
          [
            [0, -0.6],
            [0.4, -0.6],
            [0.4, 0.6],
            [0, 0.6],
          ],
          round(p),
          p[1],
        ),
    ],
    [
      { type: "capsule", radius: 0.3, halfHeight: 0.4 },
      (p) => Math.hypot(round(p), p[1] - Math.min(Math.max(p[1], -0.4), 0.4)) - 0.3,
    ],
    [
      { type: "cone", radius: 0.5, halfHeight: 0.6 },
      (p) =>
        polygonDistance(
          [
            [0, -0.6],
            [0.5, -0.6],
            [0, 0.6],
          ],
          round(p),
          p[1],
        ),
    ],
    [{ type: "plane", normal: [0, 2, 0], offset: 0.25 }, (p) => p[1] - 0.25],
    [{ type: "plane", normal: [3, 0, 4] }, (p) => (3 * p[0] + 4 * p[2]) / 5],
  ];
  it.each(truths.map(([node, truth], i) => [node.type, i, node, truth] as const))("%s %i", (_, __, node, truth) => {
    const field = fieldOf(node);
    for (const p of somePoints(2000)) expect(field(p)).toBeCloseTo(truth(p), 12);
    expect(Number.isFinite(field([0, 0, 0]))).toBe(true);
  });

  it("gyroid: zero in the middle of the sheet, half a thickness from it where the sum of products is 0", () => {
    const field = fieldOf({ type: "gyroid", period: 0.8, thickness: 0.1 });
    const w = (2 * Math.PI) / 0.8;
    for (const p of somePoints(500)) {
      const [x, y, z] = p.map((v) => v * w);
      const sum = Math.sin(x) * Math.cos(y) + Math.sin(y) * Math.cos(z) + Math.sin(z) * Math.cos(x);
      expect(field(p)).toBeCloseTo(Math.abs(sum) / (Math.sqrt(3) * w) - 0.05, 8);
    }
  });
});

describe("operators", () => {
  const ball: SceneNode = { type: "sphere", radius: 0.5 };
  const box: SceneNode = { type: "box", halfExtents: [0.3, 0.6, 0.2] };
  const points = somePoints(500);
  const same = (node: SceneNode, expected: (p: V) => number, digits = 12) => {
    const field = fieldOf(node);
    for (const p of points) expect(field(p)).toBeCloseTo(expected(p), digits);
  };
  const [a, b] = [fieldOf(ball), fieldOf(box)];

  it("join sharply", () => {
    same({ type: "union", children: [ball, box] }, (p) => Math.min(a(p), b(p)));
    same({ type: "intersection", children: [ball, box] }, (p) => Math.max(a(p), b(p)));
    same({ type: "difference", children: [ball, box] }, (p) => Math.max(a(p), -b(p)));
  });

  it("join smoothly, by the cubic smooth minimum", () => {
    const k = 0.4;
    const bulge = (d: number) => (Math.max(k - Math.abs(d), 0) / k) ** 3 * (k / 6);
    same({ type: "union", smoothRadius: k, children: [ball, box] }, (p) => Math.min(a(p), b(p)) - bulge(a(p) - b(p)));
    same(
      { type: "intersection", smoothRadius: k, children: [ball, box] },
      (p) => Math.max(a(p), b(p)) + bulge(a(p) - b(p)),
    );
    same(
      { type: "difference", smoothRadius: k, children: [ball, box] },
      (p) => Math.max(a(p), -b(p)) + bulge(a(p) + b(p)),
    );
  });

  it("join sharply where an animated smooth radius is 0", () => {
    const smoothRadius = {
      keyframes: [
        [0, 0],
        [1, 0.5],
      ],
    } as const;
    same({ type: "union", smoothRadius, children: [ball, box] }, (p) => Math.min(a(p), b(p)));
  });

  it("fold more than two children from left to right", () => {
    const c: SceneNode = { type: "translate", by: [0.2, 0.2, 0], child: ball };
    const smoothRadius = 0.3;
    const nested = fieldOf({
      type: "union",
      smoothRadius,
      children: [{ type: "union", smoothRadius, children: [ball, box] }, c],
    });
    same({ type: "union", smoothRadius, children: [ball, box, c] }, nested);
  });

  it("move and turn right-handed: rotate about y takes +z to +x", () => {
    same({ type: "translate", by: [0.1, -0.2, 0.3], child: box }, (p) => b([p[0] - 0.1, p[1] + 0.2, p[2] - 0.3]));
    const turned = (axis: "x" | "y" | "z", at: V) =>
      fieldOf({ type: "rotate", axis, angle: 90, child: { type: "translate", by: at, child: ball } });
    expect(turned("y", [0, 0, 1])([1, 0, 0])).toBeCloseTo(-0.5, 12);
    expect(turned("z", [1, 0, 0])([0, 1, 0])).toBeCloseTo(-0.5, 12);
    expect(turned("x", [0, 1, 0])([0, 0, 1])).toBeCloseTo(-0.5, 12);
  });

  it("apply the innermost transform first", () => {
    const node: SceneNode = {
      type: "translate",
      by: [0.5, 0, 0],
      child: { type: "rotate", axis: "z", angle: 90, child: { type: "translate", by: [0.3, 0, 0], child: ball } },
    };
    expect(fieldOf(node)([0.5, 0.3, 0])).toBeCloseTo(-0.5, 12);
  });

  it("scale lengths, and by the least factor where they differ", () => {
    same({ type: "scale", factor: 2, child: box }, (p) => 2 * b([p[0] / 2, p[1] / 2, p[2] / 2]));
    same({ type: "scale", factor: -2, child: box }, (p) => 2 * b([p[0] / 2, p[1] / 2, p[2] / 2]));
    same({ type: "scale", factor: [2, 0.5, 3], child: box }, (p) => 0.5 * b([p[0] / 2, p[1] / 0.5, p[2] / 3]));
    const inner: SceneNode = {
      type: "translate",
      by: [0.3, 0, 0],
      child: { type: "shell", thickness: 0.1, child: ball },
    };
    const shell = fieldOf(inner);
    same({ type: "scale", factor: 0.5, child: inner }, (p) => 0.5 * shell([p[0] * 2, p[1] * 2, p[2] * 2]));
  });

  it("mirror where an animated factor is negative", () => {
    const child: SceneNode = { type: "translate", by: [0.3, 0, 0], child: ball };
    const factor = { wave: { amplitude: 2, frequency: 0, phase: -90 } };
    expect(fieldOf({ type: "scale", factor, child })([-0.6, 0, 0])).toBeCloseTo(-1, 12);
  });

  it("repeat as a mirrored tiling, and stop at the last copy", () => {
    const child: SceneNode = { type: "translate", by: [0.05, 0, 0], child: box };
    const inner = fieldOf(child);
    const copy = (x: number, s: number, count: number) => {
      const n = Math.min(Math.max(Math.round(x / s), -count), count);
      return n % 2 === 0 ? x - n * s : n * s - x;
    };
    const s = 0.23;
    same({ type: "repeat", spacing: [s, 0, 0], child }, (p) => inner([copy(p[0], s, 1e9), p[1], p[2]]));
    for (const count of [1, 2]) {
      same({ type: "repeat", spacing: [s, s, 0.1], count: [count, 1, 0], child }, (p) =>
        inner([copy(p[0], s, count), copy(p[1], s, 1), p[2]]),
      );
    }
  });

  it("twist against the clock looking down y", () => {
    const child: SceneNode = { type: "translate", by: [0.5, 0, 0], child: ball };
    const inner = fieldOf(child);
    same(
      { type: "twist", rate: 140, child },
      (p) => {
        const angle = (p[1] * 140 * Math.PI) / 180;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        return inner([p[0] * c - p[2] * s, p[1], p[0] * s + p[2] * c]);
      },
      7,
    );
  });

  it("hollow and grow", () => {
    same({ type: "shell", thickness: 0.1, child: box }, (p) => Math.abs(b(p)) - 0.05);
    same({ type: "offset", distance: 0.1, child: box }, (p) => b(p) - 0.1);
  });
});

it("sine and cosine of turns are good to 4e-7, near 0 and far away", () => {
  const builder = new ProgramBuilder();
  const program = builder.finish([sineTurns(builder, builder.x), cosineTurns(builder, builder.x)]);
  const constants = Float32Array.from(builder.slots, (term) => builder.terms.value(term));
  const turns = Float32Array.from({ length: 20000 }, (_, i) => (i - 10000) / 777 + (i % 50 === 0 ? 12345 : 0));
  const [sine, cosine] = [new Float32Array(turns.length), new Float32Array(turns.length)];
  new ReferenceEvaluator(program).evaluate(turns, turns, turns, turns.length, constants, sine, cosine);
  for (let i = 0; i < turns.length; i++) {
    const fraction = turns[i] - Math.floor(turns[i]);
    expect(Math.abs(sine[i] - Math.sin(2 * Math.PI * fraction))).toBeLessThan(4e-7);
    expect(Math.abs(cosine[i] - Math.cos(2 * Math.PI * fraction))).toBeLessThan(4e-7);
  }
});

it("is finite everywhere, however wild the numbers are", () => {
  const wild = fc.oneof(
    fc.constantFrom(0, -0, 1e-300, -1e300, 1e6, 1e30, -1, 5e-324),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const vector = fc.tuple(wild, wild, wild);
  const shape = fc.oneof<fc.Arbitrary<SceneNode>[]>(
    fc.record({ type: fc.constant("sphere" as const), radius: wild }),
    fc.record({ type: fc.constant("roundedBox" as const), halfExtents: vector, radius: wild }),
    fc.record({ type: fc.constant("torus" as const), majorRadius: wild, minorRadius: wild }),
    fc.record({ type: fc.constant("cylinder" as const), radius: wild, halfHeight: wild }),
    fc.record({ type: fc.constant("capsule" as const), radius: wild, halfHeight: wild }),
    fc.record({ type: fc.constant("cone" as const), radius: wild, halfHeight: wild }),
    fc.record({ type: fc.constant("plane" as const), normal: vector, offset: wild }),
    fc.record({ type: fc.constant("gyroid" as const), period: wild, thickness: wild }),
  );
  const node = fc.tuple(shape, fc.array(fc.tuple(fc.nat(6), vector), { maxLength: 6 })).map(([leaf, wrappers]) =>
    wrappers.reduce<SceneNode>((child, [kind, v]): SceneNode => {
      if (kind === 0) return { type: "translate", by: v, child };
      if (kind === 1) return { type: "scale", factor: v, child };
      if (kind === 2) return { type: "twist", rate: v[0], child };
      if (kind === 3) return { type: "repeat", spacing: v, child };
      if (kind === 4) return { type: "shell", thickness: v[0], child };
      if (kind === 5) return { type: "union", smoothRadius: v[0], children: [child, { type: "sphere", radius: v[1] }] };
      return { type: "rotate", axis: "y", angle: v[0], child };
    }, leaf),
  );
  const points = [...somePoints(40), [0, 0, 0] as const];
  fc.assert(
    fc.property(node, (root) => {
      for (const value of singly(compileScene(sceneOf(root)), 0, points)) expect(value).toSatisfy(Number.isFinite);
    }),
    { seed: 5, numRuns: 500 },
  );
});
