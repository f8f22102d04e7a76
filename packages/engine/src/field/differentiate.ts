/**
 * Symbolic forward differentiation: from a program to the program of its gradient, with the same operations.
 *
 * Where the field has a kink the derivative of one side is taken, by the same comparison that chose the value
 * (`min(a, b)` has the derivative of b where b < a, else of a). At the root of 0 the derivative counts as 0, at steps too.
 */
import {
  ABSOLUTE,
  ADD,
  AXIS_X,
  AXIS_Y,
  AXIS_Z,
  DIVIDE,
  MAXIMUM,
  MINIMUM,
  MULTIPLY,
  NEGATE,
  OPERANDS,
  type ProgramBuilder,
  type Register,
  SELECT,
  SQUARE_ROOT,
  SUBTRACT,
  X,
  Y,
  Z,
} from "./program.ts";

/** Registers of the derivatives along x, y and z. */
export type Gradient = readonly [x: Register, y: Register, z: Register];

/** Adds the gradient of a register to its program. Costs about three times the instructions. */
export function differentiate(b: ProgramBuilder, output: Register): Gradient {
  return [derivative(b, output, AXIS_X, X), derivative(b, output, AXIS_Y, Y), derivative(b, output, AXIS_Z, Z)];
}

/** The gradient brought to length 1; (0, 1, 0) where it is 0, not a number, or longer than 1e15. */
export function normalise(b: ProgramBuilder, gradient: Gradient): Gradient {
  const squared = b.sum(...gradient.map((part) => b.square(part)));
  // Both comparisons fail for what is not a number. The divisor is then 1, so that no division is by 0.
  const positive = b.less(b.literal(0), squared);
  const finite = b.less(squared, b.literal(1e30));
  const [zero, one] = [b.literal(0), b.literal(1)];
  const length = b.squareRoot(b.select(positive, b.select(finite, squared, one), one));
  const component = (part: Register, otherwise: Register) =>
    b.select(positive, b.select(finite, b.divide(part, length), otherwise), otherwise);
  return [component(gradient[0], zero), component(gradient[1], one), component(gradient[2], zero)];
}

function derivative(b: ProgramBuilder, output: Register, axis: number, coordinate: number): Register {
  const zero = b.literal(0);
  const one = b.literal(1);
  // Registers only refer to earlier ones, so one pass upwards is enough; those that were added since lie above `output`.
  const known = new Int32Array(output + 1);
  const needed = neededFor(b, output);
  for (let i = 0; i <= output; i++) {
    known[i] = zero;
    if (needed[i] === 0 || (b.axes(i) & axis) === 0) continue;
    const [op, a, c, d] = b.instruction(i);
    switch (op) {
      case coordinate:
        known[i] = one;
        break;
      case ADD:
        known[i] = b.add(known[a], known[c]);
        break;
      case SUBTRACT:
        known[i] = b.subtract(known[a], known[c]);
        break;
      case MULTIPLY:
        if (a === c) known[i] = b.multiply(b.add(a, a), known[a]);
        else known[i] = b.add(b.multiply(known[a], c), b.multiply(a, known[c]));
        break;
      case DIVIDE:
        known[i] = b.divide(b.subtract(known[a], b.multiply(i, known[c])), c);
        break;
      case MINIMUM:
        known[i] = b.select(b.less(c, a), known[c], known[a]);
        break;
      case MAXIMUM:
        known[i] = b.select(b.less(a, c), known[c], known[a]);
        break;
      case ABSOLUTE:
        known[i] = b.select(b.less(a, zero), b.negate(known[a]), known[a]);
        break;
      case NEGATE:
        known[i] = b.negate(known[a]);
        break;
      case SQUARE_ROOT: {
        const positive = b.less(zero, i);
        const slope = b.select(positive, b.divide(b.literal(0.5), b.select(positive, i, one)), zero);
        known[i] = b.multiply(known[a], slope);
        break;
      }
      case SELECT:
        known[i] = b.select(a, known[c], known[d]);
        break;
      // FLOOR is flat between its steps, and masks have no slope.
    }
  }
  return known[output];
}

/** Which registers `output` is computed from, itself included. */
function neededFor(b: ProgramBuilder, output: Register): Uint8Array {
  const needed = new Uint8Array(output + 1);
  needed[output] = 1;
  for (let i = output; i >= 0; i--) {
    if (needed[i] === 0) continue;
    const [op, a, c, d] = b.instruction(i);
    const operands = OPERANDS[op];
    if (operands > 0) needed[a] = 1;
    if (operands > 1) needed[c] = 1;
    if (operands > 2) needed[d] = 1;
  }
  return needed;
}
