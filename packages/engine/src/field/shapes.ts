/**
 * The shapes as programs: signed distance (negative inside) to each one, centred at the origin of its frame.
 *
 * Exact distances follow from reducing a shape to two dimensions where it turns about y; see J. C. Hart, "Sphere
 * tracing", 1996 (https://doi.org/10.1007/s003710050084) for the idea of working with distance bounds.
 * All have a Lipschitz bound of 1 (`lipschitz.ts`).
 */
import type { ShapeNode } from "../scene/spec.ts";
import type { Frame } from "./frame.ts";
import type { ProgramBuilder, Register } from "./program.ts";
import { LEAST_LENGTH, MOST_LENGTH, type Term } from "./terms.ts";

/** Emits the field of a shape. */
export function shapeField(node: ShapeNode, frame: Frame): Register {
  const b = frame.builder;
  const { terms } = b;
  const constant = (term: Term) => b.constant(term);
  const [x, y, z] = frame.point();
  switch (node.type) {
    case "sphere":
      return b.subtract(b.length(x, y, z), constant(frame.length(node.radius)));
    case "box":
      return boxField(
        b,
        frame,
        node.halfExtents.map((half) => frame.length(half)),
      );
    case "roundedBox": {
      const halves = node.halfExtents.map((half) => frame.length(half));
      const room = halves.reduce((least, half) => terms.least(least, half));
      const radius = terms.most(terms.least(frame.length(node.radius), room), terms.literal(0));
      const inner = boxField(
        b,
        frame,
        halves.map((half) => terms.subtract(half, radius)),
      );
      return b.subtract(inner, constant(radius));
    }
    case "torus": {
      const ring = b.subtract(b.length(x, z), constant(frame.length(node.majorRadius)));
      return b.subtract(b.length(ring, y), constant(frame.length(node.minorRadius)));
    }
    case "cylinder": {
      const side = b.subtract(b.length(x, z), constant(frame.length(node.radius)));
      const cap = b.subtract(b.absolute(y), constant(frame.length(node.halfHeight)));
      return cornerField(b, [side, cap]);
    }
    case "capsule": {
      const beyond = b.subtract(b.absolute(y), constant(terms.most(frame.length(node.halfHeight), terms.literal(0))));
      const along = b.maximum(beyond, b.literal(0));
      return b.subtract(b.length(x, along, z), constant(frame.length(node.radius)));
    }
    case "cone":
      return coneField(b, frame, node);
    case "plane": {
      // By its largest component first, so that squares neither overflow nor vanish.
      const given = node.normal.map((n) => terms.animated(n));
      const largest = given.map((n) => terms.magnitude(n)).reduce((a, b) => terms.most(a, b));
      const normal = given.map((n) => terms.divide(n, largest));
      const squares = normal.map((n) => terms.multiply(n, n));
      const length = terms.root(squares.reduce((sum, square) => terms.add(sum, square)));
      const parts = [x, y, z].map((p, i) => b.multiply(constant(terms.divide(normal[i], length)), p));
      return b.subtract(b.sum(...parts), constant(frame.length(node.offset ?? 0)));
    }
    case "gyroid":
      return gyroidField(b, frame, node);
  }
}

/** Faces at `halves`: how far outside, as a vector, plus how deep inside. */
function boxField(b: ProgramBuilder, frame: Frame, halves: readonly Term[]): Register {
  const q = frame.point().map((p, i) => b.subtract(b.absolute(p), b.constant(halves[i])));
  return cornerField(b, q);
}

/** Distance to the region where all of `q` are negative, for distances q along perpendicular axes. */
function cornerField(b: ProgramBuilder, q: readonly Register[]): Register {
  const zero = b.literal(0);
  const outside = b.length(...q.map((part) => b.maximum(part, zero)));
  return b.add(outside, b.minimum(b.largest(...q), zero));
}

/** In the half plane (distance from the axis, y): the triangle of tip (0, h), rim (r, −h) and the middle of the base. */
function coneField(b: ProgramBuilder, frame: Frame, node: Extract<ShapeNode, { type: "cone" }>): Register {
  const { terms } = b;
  const zero = terms.literal(0);
  const radius = terms.most(frame.length(node.radius), zero);
  const half = terms.most(frame.length(node.halfHeight), zero);
  const height = terms.add(half, half);
  const slant = terms.root(terms.add(terms.multiply(radius, radius), terms.multiply(height, height)));
  // Unit vector down the slant, (right, −down); the slant's outer normal is (down, right).
  const [right, down] = [terms.divide(radius, slant), terms.divide(height, slant)].map((term) => b.constant(term));

  const [x, y, z] = frame.point();
  const away = b.length(x, z);
  const below = b.subtract(b.constant(half), y);
  const along = b.add(b.multiply(away, right), b.multiply(below, down));
  const clamped = b.maximum(b.minimum(along, b.constant(slant)), b.constant(zero));
  const toSlant = b.sum(
    b.square(b.subtract(away, b.multiply(clamped, right))),
    b.square(b.subtract(below, b.multiply(clamped, down))),
  );
  const underBase = b.subtract(b.negate(y), b.constant(half));
  const toBase = b.sum(
    b.square(b.maximum(b.subtract(away, b.constant(radius)), b.constant(zero))),
    b.square(underBase),
  );
  const outside = b.squareRoot(b.minimum(toSlant, toBase));
  const acrossSlant = b.subtract(b.multiply(away, down), b.multiply(below, right));
  const inside = b.maximum(acrossSlant, underBase);
  return b.select(b.less(inside, b.constant(zero)), inside, outside);
}

/**
 * `|sin x cos y + sin y cos z + sin z cos x| / (√3 w) − thickness / 2`, with x, y, z in radians and w = 2π / period.
 * The gradient of the sum is at most √3 w long: each component is a product of two plane vectors whose squares sum to 3.
 */
function gyroidField(b: ProgramBuilder, frame: Frame, node: Extract<ShapeNode, { type: "gyroid" }>): Register {
  const { terms } = b;
  const period = terms.clamp(frame.length(node.period), LEAST_LENGTH, MOST_LENGTH);
  const frequency = b.constant(terms.divide(terms.literal(1), period));
  const turns = frame.point().map((p) => b.multiply(p, frequency));
  const sines = turns.map((turn) => sineTurns(b, turn));
  const cosines = turns.map((turn) => cosineTurns(b, turn));
  const sum = b.sum(
    b.multiply(sines[0], cosines[1]),
    b.multiply(sines[1], cosines[2]),
    b.multiply(sines[2], cosines[0]),
  );
  const scale = b.constant(terms.multiply(period, terms.literal(1 / (2 * Math.PI * Math.sqrt(3)))));
  const half = terms.multiply(frame.length(node.thickness), terms.literal(0.5));
  return b.subtract(b.multiply(b.absolute(sum), scale), b.constant(half));
}

/**
 * Cosine of an angle in turns. The fraction of a turn is exact in single precision at any magnitude; folded to
 * c = |1/2 − fraction| − 1/4 it gives cos(2πu) = sin(2πc), a polynomial of degree 9 on [−1/4, 1/4] whose greatest error
 * (3.4e-9) is least; with the rounding of single precision the result is good to 4e-7.
 */
export function cosineTurns(b: ProgramBuilder, turns: Register): Register {
  return sineOfFolded(b, b.subtract(b.absolute(halfLessFraction(b, turns)), b.literal(0.25)));
}

/** Sine of an angle in turns: with g = 1/2 − fraction it is sin(2πg), folded where g is nearer to ±1/2 than to 0. */
export function sineTurns(b: ProgramBuilder, turns: Register): Register {
  const g = halfLessFraction(b, turns);
  const right = b.minimum(g, b.subtract(b.literal(0.5), g));
  return sineOfFolded(b, b.maximum(right, b.subtract(b.literal(-0.5), g)));
}

function halfLessFraction(b: ProgramBuilder, turns: Register): Register {
  return b.subtract(b.literal(0.5), b.subtract(turns, b.floor(turns)));
}

function sineOfFolded(b: ProgramBuilder, c: Register): Register {
  const square = b.square(c);
  let sum = b.literal(SINE_COEFFICIENTS[4]);
  for (let i = 3; i >= 0; i--) sum = b.add(b.multiply(sum, square), b.literal(SINE_COEFFICIENTS[i]));
  return b.limited(b.multiply(sum, c), SINE_LIMIT);
}

/** No computed sine exceeds this: 1 and its error. Ranges of blocks cannot see it in the polynomial. */
const SINE_LIMIT = 1 + 1e-6;

/** sin(2πc) = c (k₀ + k₁ c² + … k₄ c⁸) for |c| ≤ 1/4; fitted by iteratively reweighted least squares. */
const SINE_COEFFICIENTS = [
  6.283185160117911, -41.3416550371524, 81.60100439179152, -76.54978891501231, 39.53675224838047,
] as const;
