/** Bytes of a WebAssembly function: the instructions that field modules use, and the module around them. */

// Value types.
export const I32 = 0x7f;
export const V128 = 0x7b;

// Opcodes behind the prefix 0xfd, https://webassembly.github.io/spec/core/binary/instructions.html#vector-instructions
export const F32X4_FLOOR = 0x68;
export const F32X4_ABS = 0xe0;
export const F32X4_NEG = 0xe1;
export const F32X4_SQRT = 0xe3;
export const F32X4_ADD = 0xe4;
export const F32X4_SUB = 0xe5;
export const F32X4_MUL = 0xe6;
export const F32X4_DIV = 0xe7;
export const F32X4_MIN = 0xe8;
export const F32X4_MAX = 0xe9;
export const F32X4_PMIN = 0xea;
export const F32X4_PMAX = 0xeb;
export const F32X4_LT = 0x43;
export const F32X4_LE = 0x45;
export const F32X4_GE = 0x46;
export const V128_AND = 0x4e;
export const V128_OR = 0x50;
export const V128_BITSELECT = 0x52;
export const V128_ANY_TRUE = 0x53;

const V128_LOAD = 0x00;
const V128_LOAD32_SPLAT = 0x09;
const V128_STORE = 0x0b;
const V128_CONST = 0x0c;
const I8X16_SHUFFLE = 0x0d;

/** Writes one function body. Parameters come first among the locals, then those that `local` gives out. */
export class FunctionCode {
  readonly #parameters: number;
  readonly #locals: number[] = [];
  readonly #bytes: number[] = [];

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** Whether engines accept the function: 50 000 locals and 7 654 321 bytes are the limits of the JavaScript API. */
  get fits(): boolean {
    return this.#parameters + this.#locals.length <= 50_000 && this.#bytes.length <= 7_600_000;
  }

  /** A new local of a type. */
  local(type: number): number {
    this.#locals.push(type);
    return this.#parameters + this.#locals.length - 1;
  }

  get(local: number): void {
    this.#bytes.push(0x20);
    pushUnsigned(this.#bytes, local);
  }
  set(local: number): void {
    this.#bytes.push(0x21);
    pushUnsigned(this.#bytes, local);
  }
  tee(local: number): void {
    this.#bytes.push(0x22);
    pushUnsigned(this.#bytes, local);
  }

  i32(value: number): void {
    this.#bytes.push(0x41);
    pushSigned(this.#bytes, value);
  }
  add(): void {
    this.#bytes.push(0x6a);
  }
  multiply(): void {
    this.#bytes.push(0x6c);
  }
  and(): void {
    this.#bytes.push(0x71);
  }
  shiftRight(): void {
    this.#bytes.push(0x76);
  }
  or(): void {
    this.#bytes.push(0x72);
  }
  lessThanUnsigned(): void {
    this.#bytes.push(0x49);
  }
  load32(offset = 0): void {
    this.#bytes.push(0x28, 2);
    pushUnsigned(this.#bytes, offset);
  }
  store32(): void {
    this.#bytes.push(0x36, 2, 0);
  }
  store16(offset: number): void {
    this.#bytes.push(0x3b, 1);
    pushUnsigned(this.#bytes, offset);
  }

  /** `local += value`. */
  advance(local: number, value: number): void {
    this.get(local);
    this.i32(value);
    this.add();
    this.set(local);
  }

  /** Runs `body` while `counter`, raised by `step` after each round, is below what `limit` pushes; at least once. */
  repeat(counter: number, step: number, limit: () => void, body: () => void): void {
    this.#bytes.push(0x03, 0x40);
    body();
    this.get(counter);
    this.i32(step);
    this.add();
    this.tee(counter);
    limit();
    this.lessThanUnsigned();
    this.#bytes.push(0x0d, 0, 0x0b);
  }

  /** Runs `body` when the number on the stack is not 0. */
  when(body: () => void): void {
    this.#bytes.push(0x04, 0x40);
    body();
    this.#bytes.push(0x0b);
  }

  /** Runs the body with the number that `choice` pushes; the last one for all larger numbers. */
  oneOf(choice: () => void, bodies: readonly (() => void)[]): void {
    // One block around everything, then one for each body, the first one innermost.
    for (let i = 0; i <= bodies.length; i++) this.#bytes.push(0x02, 0x40);
    choice();
    this.#bytes.push(0x0e);
    pushUnsigned(this.#bytes, bodies.length - 1);
    for (let i = 0; i < bodies.length; i++) pushUnsigned(this.#bytes, i);
    this.#bytes.push(0x0b);
    bodies.forEach((body, i) => {
      body();
      // Out of the blocks of the bodies to come, and of the one around everything.
      this.#bytes.push(0x0c);
      pushUnsigned(this.#bytes, bodies.length - 1 - i);
      this.#bytes.push(0x0b);
    });
  }

  /** A vector instruction without immediates. */
  vector(opcode: number): void {
    this.#bytes.push(0xfd);
    pushUnsigned(this.#bytes, opcode);
  }
  loadVector(offset: number): void {
    this.#memory(V128_LOAD, offset);
  }
  loadSplat(offset: number): void {
    this.#memory(V128_LOAD32_SPLAT, offset);
  }
  storeVector(offset: number): void {
    this.#memory(V128_STORE, offset);
  }
  /** The same number in all four places. */
  constantVector(value: number): void {
    const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer);
    this.#bytes.push(0xfd, V128_CONST, ...bytes);
  }
  /** The same 32 bits in all four places. */
  constantWord(value: number): void {
    const bytes = new Uint8Array(Int32Array.of(value, value, value, value).buffer);
    this.#bytes.push(0xfd, V128_CONST, ...bytes);
  }
  /** Picks four of the eight numbers of two vectors, 0 to 3 from the lower one on the stack. */
  shuffle(a: number, b: number, c: number, d: number): void {
    this.#bytes.push(0xfd, I8X16_SHUFFLE);
    for (const lane of [a, b, c, d]) this.#bytes.push(lane * 4, lane * 4 + 1, lane * 4 + 2, lane * 4 + 3);
  }

  /** The body with its declarations, as the code section wants it. */
  finish(): number[] {
    const groups: number[] = [];
    let count = 0;
    for (let i = 0; i < this.#locals.length; ) {
      let end = i;
      while (this.#locals[end] === this.#locals[i]) end++;
      pushUnsigned(groups, end - i);
      groups.push(this.#locals[i]);
      count++;
      i = end;
    }
    const body: number[] = [];
    pushUnsigned(body, count);
    const size: number[] = [];
    pushUnsigned(size, body.length + groups.length + this.#bytes.length + 1);
    return size.concat(body, groups, this.#bytes, [0x0b]);
  }

  /** Alignment of 4 bytes is promised, which is only a hint. */
  #memory(opcode: number, offset: number): void {
    this.#bytes.push(0xfd, opcode, 2);
    pushUnsigned(this.#bytes, offset);
  }
}

export interface ExportedFunction {
  readonly name: string;
  /** How many parameters of type i32. */
  readonly parameters: number;
  readonly returns: boolean;
  readonly code: FunctionCode;
}

/** A module that imports `env.memory` and exports functions of whole numbers. */
export function moduleBytes(functions: readonly ExportedFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map((f) => [
    0x60,
    ...unsigned(f.parameters),
    ...Array.from({ length: f.parameters }, () => I32),
    ...(f.returns ? [1, I32] : [0]),
  ]);
  const sections: number[][] = [
    section(1, list(types)),
    section(2, list([[...name("env"), ...name("memory"), 0x02, 0x00, 0x00]])),
    section(3, list(functions.map((_, i) => unsigned(i)))),
    section(7, list(functions.map((f, i) => [...name(f.name), 0x00, ...unsigned(i)]))),
    section(10, list(functions.map((f) => f.code.finish()))),
  ];
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].concat(...sections));
}

function section(id: number, content: number[]): number[] {
  return [id].concat(unsigned(content.length), content);
}

function list(items: readonly number[][]): number[] {
  return unsigned(items.length).concat(...items);
}

function name(text: string): number[] {
  return [...unsigned(text.length), ...Array.from(text, (letter) => letter.charCodeAt(0))];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  pushUnsigned(bytes, value);
  return bytes;
}

/** LEB128, seven bits a byte, low ones first. */
function pushUnsigned(bytes: number[], value: number): void {
  while (value > 127) {
    bytes.push((value & 127) | 128);
    value >>>= 7;
  }
  bytes.push(value);
}

function pushSigned(bytes: number[], value: number): void {
  while (value < -64 || value > 63) {
    bytes.push((value & 127) | 128);
    value >>= 7;
  }
  bytes.push(value & 127);
}
