/**
 * Expression files: one instruction a line, as used for benchmarks of implicit surfaces (M. J. Keeter, "Massively parallel
 * rendering of complex closed-form implicit surfaces", 2020, https://doi.org/10.1145/3386569.3392429).
 *
 * ```
 *   # a sphere
 *   _0 var-x                 name, operation, arguments
 *   _1 square _0
 *   _2 var-y
 *   …
 *   _9 const 0.25
 *   _a sub _8 _9             the last line is the field, negative inside
 * ```
 * | operations                                             | become                                               |
 * |--------------------------------------------------------|------------------------------------------------------|
 * | var-x var-y var-z const                                | coordinates, −1 to 1; a number in single precision   |
 * | add sub mul div min max abs neg sqrt square floor      | themselves                                           |
 * | ceil round recip mod compare not and or                | a few of those                                       |
 * | sin cos tan                                            | polynomials, good to 4e-7 for arguments of a few turns|
 * | exp ln asin acos atan atan2 …                          | refused: there is nothing to express them with       |
 */
import { EngineError } from "../errors.ts";
import { differentiate, normalise } from "../field/differentiate.ts";
import { type FieldProgram, ProgramBuilder, type Register } from "../field/program.ts";
import { cosineTurns, sineTurns } from "../field/shapes.ts";

/** An expression ready to be evaluated. */
export interface VmProgram {
  /** One output: the field. */
  readonly value: FieldProgram;
  /** Three outputs: the unit normal; (0, 1, 0) where the gradient vanishes. */
  readonly normal: FieldProgram;
  /** The number of each constant slot of both programs. */
  readonly constants: Float32Array;
}

/** Lines with instructions that a file may have. */
const MOST_INSTRUCTIONS = 100_000;
const MOST_TEXT = 2 ** 24;
/** A value that is not a number counts as this one, far outside; so do larger ones. */
const FAR = 1e30;

/** How many arguments each operation has. */
const ARGUMENTS: ReadonlyMap<string, number> = new Map([
  ...["var-x", "var-y", "var-z"].map((name) => [name, 0] as const),
  ...["abs", "neg", "sqrt", "square", "floor", "ceil", "round", "recip", "sin", "cos", "tan", "not"].map(
    (name) => [name, 1] as const,
  ),
  ...["add", "sub", "mul", "div", "min", "max", "mod", "compare", "and", "or"].map((name) => [name, 2] as const),
]);
const BEYOND = new Set(["exp", "ln", "log", "asin", "acos", "atan", "atan2", "pow", "sinh", "cosh", "tanh"]);
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/**
 * Reads an expression file. Names are any words; `#` begins a line of comment.
 * Throws `invalid-input`, with the number of the line, for everything that is not understood.
 */
export function readVm(text: string): VmProgram {
  if (text.length > MOST_TEXT) refuse(`the text has ${text.length} characters, and ${MOST_TEXT} are the most.`);
  const builder = new ProgramBuilder();
  const registers = new Map<string, Register>();
  let last: Register | undefined;
  let number = 0;
  for (const line of text.split("\n")) {
    number++;
    const words = line.trim().split(/[ \t]+/);
    if (words[0] === "" || words[0].startsWith("#")) continue;
    if (registers.size === MOST_INSTRUCTIONS) {
      refuse(`line ${number}: ${MOST_INSTRUCTIONS} instructions are the most. Leave out what does not show.`, number);
    }
    const [name, operation, ...rest] = words;
    if (operation === undefined) refuse(`line ${number}: an operation is missing after "${short(name)}".`, number);
    if (registers.has(name)) refuse(`line ${number}: the name "${short(name)}" is there a second time.`, number);
    last =
      operation === "const"
        ? constant(builder, rest, number)
        : instruction(builder, operation, rest, registers, number);
    registers.set(name, last);
  }
  if (last === undefined) refuse("there is no instruction. The last one would be the field.");
  return finish(builder, last);
}

function finish(b: ProgramBuilder, output: Register): VmProgram {
  const far = b.literal(FAR);
  const guarded = b.maximum(b.select(b.less(output, far), output, far), b.literal(-FAR));
  const value = b.finish([guarded]);
  const normal = b.finish(normalise(b, differentiate(b, output)));
  const constants = Float32Array.from(b.slots, (term) => b.terms.value(term));
  return { value, normal, constants };
}

function constant(b: ProgramBuilder, words: readonly string[], line: number): Register {
  const value = words.length === 1 && NUMBER.test(words[0]) ? Number(words[0]) : Number.NaN;
  if (Number.isFinite(Math.fround(value))) return b.literal(value);
  refuse(
    `line ${line}: const needs one number in the range of single precision, got "${short(words.join(" "))}".`,
    line,
  );
}

function instruction(
  b: ProgramBuilder,
  operation: string,
  words: readonly string[],
  registers: ReadonlyMap<string, Register>,
  line: number,
): Register {
  const wanted = ARGUMENTS.get(operation);
  if (wanted === undefined) {
    const why = BEYOND.has(operation)
      ? "has nothing that it could be made of here. Leave it out or approximate it"
      : "is not known";
    refuse(`line ${line}: the operation "${short(operation)}" ${why}.`, line);
  }
  if (words.length !== wanted) {
    refuse(`line ${line}: ${operation} takes ${wanted} arguments, got ${words.length}.`, line);
  }
  const operands = words.map((word) => {
    const register = registers.get(word);
    if (register === undefined) refuse(`line ${line}: there is no "${short(word)}" above it.`, line);
    return register;
  });
  return combine(b, operation, operands[0] ?? 0, operands[1] ?? 0);
}

function combine(b: ProgramBuilder, operation: string, a: Register, c: Register): Register {
  switch (operation) {
    case "var-x":
      return b.x;
    case "var-y":
      return b.y;
    case "var-z":
      return b.z;
    case "abs":
      return b.absolute(a);
    case "neg":
      return b.negate(a);
    case "sqrt":
      return b.squareRoot(a);
    case "square":
      return b.square(a);
    case "floor":
      return b.floor(a);
    case "ceil":
      return b.negate(b.floor(b.negate(a)));
    case "round":
      return rounded(b, a);
    case "recip":
      return b.divide(b.literal(1), a);
    case "sin":
      return sineTurns(b, turns(b, a));
    case "cos":
      return cosineTurns(b, turns(b, a));
    case "tan":
      return b.divide(sineTurns(b, turns(b, a)), cosineTurns(b, turns(b, a)));
    case "add":
      return b.add(a, c);
    case "sub":
      return b.subtract(a, c);
    case "mul":
      return b.multiply(a, c);
    case "div":
      return b.divide(a, c);
    case "min":
      return b.minimum(a, c);
    case "max":
      return b.maximum(a, c);
    case "mod": {
      // The remainder that is never negative.
      const size = b.absolute(c);
      return b.subtract(a, b.multiply(size, b.floor(b.divide(a, size))));
    }
    case "compare":
      return b.select(b.less(a, c), b.literal(-1), b.select(b.less(c, a), b.literal(1), b.literal(0)));
    case "not":
      return b.select(isSet(b, a), b.literal(0), b.literal(1));
    case "and":
      return b.select(isSet(b, a), c, a);
    default:
      return b.select(isSet(b, a), a, c);
  }
}

/** Halves go away from 0. */
function rounded(b: ProgramBuilder, a: Register): Register {
  const size = b.floor(b.add(b.absolute(a), b.literal(0.5)));
  return b.select(b.less(a, b.literal(0)), b.negate(size), size);
}

/** A mask: whether a number is not 0. */
function isSet(b: ProgramBuilder, a: Register): Register {
  return b.less(b.literal(0), b.absolute(a));
}

function turns(b: ProgramBuilder, radians: Register): Register {
  return b.multiply(radians, b.literal(1 / (2 * Math.PI)));
}

function short(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}

function refuse(what: string, line?: number): never {
  throw new EngineError("invalid-input", `vm: ${what}`, line === undefined ? {} : { line });
}
