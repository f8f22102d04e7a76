/**
 * Where a node of a scene looks from: its own coordinates as an affine map of three registers.
 *
 * Moves, turns and scalings cost nothing on their own: they are folded, in double precision, into one matrix, and only
 * what a shape reads is computed, without the terms that are always 0 and the factors that are always 1.
 *
 * Uniform scale never touches the sample: coordinates stay in units of the grid, and `unit` (grid units in one unit of
 * the node) multiplies the lengths of the scene instead. So a field value is a length of the grid at every level, and a
 * sphere scaled by 3 is a sphere of three times the radius, at no cost. With unequal factors the least one is taken as
 * the unit and the axes are divided by `factor / least`, which shrinks distances at most: the field stays a bound.
 */
import type { Animated, AnimatedVector } from "../scene/spec.ts";
import type { ProgramBuilder, Register } from "./program.ts";
import { LEAST_LENGTH, MOST_LENGTH, type Term } from "./terms.ts";

export type Point = readonly [x: Register, y: Register, z: Register];

/** Coordinates `matrix · base + shift`, row by row. */
export class Frame {
  readonly builder: ProgramBuilder;
  readonly base: Point;
  readonly matrix: readonly Term[];
  readonly shift: readonly Term[];
  readonly unit: Term;
  #point: Point | undefined;

  constructor(builder: ProgramBuilder, base: Point, matrix: readonly Term[], shift: readonly Term[], unit: Term) {
    this.builder = builder;
    this.base = base;
    this.matrix = matrix;
    this.shift = shift;
    this.unit = unit;
  }

  /** The frame of the whole grid. */
  static world(builder: ProgramBuilder): Frame {
    return Frame.at(builder, [builder.x, builder.y, builder.z], builder.terms.literal(1));
  }

  /** A frame whose coordinates are these registers. */
  static at(builder: ProgramBuilder, base: Point, unit: Term): Frame {
    const [zero, one] = [builder.terms.literal(0), builder.terms.literal(1)];
    return new Frame(builder, base, [one, zero, zero, zero, one, zero, zero, zero, one], [zero, zero, zero], unit);
  }

  /** A length of the node in grid units. */
  length(value: Animated): Term {
    return this.builder.terms.multiply(this.builder.terms.length(value), this.unit);
  }

  /** The coordinates, computed once. */
  point(): Point {
    this.#point ??= [this.#row(0), this.#row(1), this.#row(2)];
    return this.#point;
  }

  translated(by: AnimatedVector): Frame {
    const { terms } = this.builder;
    const shift = this.shift.map((shift, i) => terms.subtract(shift, this.length(by[i])));
    return new Frame(this.builder, this.base, this.matrix, shift, this.unit);
  }

  /** The frame of a node turned by `angle` degrees: its points are turned back. */
  rotated(axis: "x" | "y" | "z", angle: Animated): Frame {
    const { terms } = this.builder;
    const degrees = terms.animated(angle);
    const [cosine, sine] = [terms.cosineDegrees(degrees), terms.sineDegrees(degrees)];
    // Rows p and q follow the axis in cyclic order: p' = cos p + sin q, q' = cos q − sin p.
    const p = axis === "x" ? 1 : axis === "y" ? 2 : 0;
    const q = (p + 1) % 3;
    const blend = (a: Term, b: Term, c: Term, d: Term) => terms.add(terms.multiply(a, b), terms.multiply(c, d));
    const minusSine = terms.negate(sine);
    const matrix = [...this.matrix];
    for (let k = 0; k < 3; k++) {
      const [mp, mq] = [this.matrix[p * 3 + k], this.matrix[q * 3 + k]];
      matrix[p * 3 + k] = blend(cosine, mp, sine, mq);
      matrix[q * 3 + k] = blend(cosine, mq, minusSine, mp);
    }
    const shift = [...this.shift];
    shift[p] = blend(cosine, this.shift[p], sine, this.shift[q]);
    shift[q] = blend(cosine, this.shift[q], minusSine, this.shift[p]);
    return new Frame(this.builder, this.base, matrix, shift, this.unit);
  }

  /** A negative factor mirrors; a factor nearer to 0 than 1e-6 counts as 1e-6. */
  scaled(factor: Animated | AnimatedVector): Frame {
    const { terms } = this.builder;
    const factors: readonly Animated[] = isVector(factor) ? factor : [factor];
    const magnitudes = factors.map((f) => terms.clamp(terms.magnitude(terms.animated(f)), LEAST_LENGTH, MOST_LENGTH));
    const least = magnitudes.reduce((a, b) => terms.least(a, b));
    const ratios = factors.map((f, i) => {
      const ratio = magnitudes.length === 1 ? terms.literal(1) : terms.divide(least, magnitudes[i]);
      return this.builder.terms.isPositive(f) ? ratio : terms.multiply(terms.sign(terms.animated(f)), ratio);
    });
    const ratio = (row: number) => (ratios.length === 1 ? ratios[0] : ratios[row]);
    return new Frame(
      this.builder,
      this.base,
      this.matrix.map((m, i) => terms.multiply(m, ratio(Math.floor(i / 3)))),
      this.shift.map((shift, i) => terms.multiply(shift, ratio(i))),
      terms.clamp(terms.multiply(this.unit, least), LEAST_LENGTH, MOST_LENGTH),
    );
  }

  #row(row: number): Register {
    const { builder } = this;
    const parts: Register[] = [];
    for (let k = 0; k < 3; k++) {
      const factor = this.matrix[row * 3 + k];
      if (!builder.terms.isAlways(factor, 0)) parts.push(builder.multiply(builder.constant(factor), this.base[k]));
    }
    return builder.sum(builder.constant(this.shift[row]), ...parts);
  }
}

function isVector(factor: Animated | AnimatedVector): factor is AnimatedVector {
  return Array.isArray(factor);
}
