/**
 * Wavefront OBJ: text, a vertex or a face a line.
 *
 * Positions are written with as few decimals as give the same single-precision number back; normals with six. The digits
 * are put into bytes here: through strings the same file takes several times as long and the memory of all its lines.
 * Source: http://paulbourke.net/dataformats/obj/
 */
import type { Mesh } from "@volumark/engine";
import { captionLine, type MeshCaption } from "./caption.ts";

/** Lines in a piece: 290 kB at the most. */
const AT_ONCE = 3000;
/** No line is longer: three numbers of at most 24 characters, or three pairs of indices of at most 10 digits. */
const LINE_BYTES = 96;
const NORMAL_DECIMALS = 6;
/** Decimals that positions are tried with. */
const LEAST_DECIMALS = 7;
const MOST_DECIMALS = 9;
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const;
/** Larger numbers than this are left to the engine's own text. */
const MOST_FIXED = 1e6;

const DIGIT_0 = 48;
const SPACE = 32;
const LINE_FEED = 10;
const MINUS = 45;
const POINT = 46;
const SLASH = 47;
const LETTER_V = 118;
const LETTER_N = 110;
const LETTER_F = 102;

/** A mesh as OBJ with a unit normal for each vertex. Pieces are valid until the next one. */
export function* objChunks(mesh: Mesh, caption: MeshCaption): Generator<Uint8Array> {
  const { vertexCount, triangleCount, positions, normals } = mesh;
  yield new TextEncoder().encode(`# ${captionLine(caption)}\no surface\n`);
  const piece = new Uint8Array(AT_ONCE * LINE_BYTES);
  for (let first = 0; first < vertexCount; first += AT_ONCE) {
    yield piece.subarray(0, putPositions(piece, positions, first, Math.min(AT_ONCE, vertexCount - first)));
  }
  for (let first = 0; first < vertexCount; first += AT_ONCE) {
    yield piece.subarray(0, putNormals(piece, normals, first, Math.min(AT_ONCE, vertexCount - first)));
  }
  for (let first = 0; first < triangleCount; first += AT_ONCE) {
    yield piece.subarray(0, putFaces(piece, mesh.indices, first, Math.min(AT_ONCE, triangleCount - first)));
  }
}

/** `v x y z` lines. Returns the bytes used; so do all that follow. */
function putPositions(bytes: Uint8Array, positions: Float32Array, first: number, count: number): number {
  let at = 0;
  for (let i = 3 * first; i < 3 * (first + count); i += 3) {
    bytes[at++] = LETTER_V;
    for (let axis = 0; axis < 3; axis++) {
      bytes[at++] = SPACE;
      at = putSingle(bytes, at, positions[i + axis]!);
    }
    bytes[at++] = LINE_FEED;
  }
  return at;
}

/** `vn x y z` lines. */
function putNormals(bytes: Uint8Array, normals: Float32Array, first: number, count: number): number {
  let at = 0;
  for (let i = 3 * first; i < 3 * (first + count); i += 3) {
    bytes[at++] = LETTER_V;
    bytes[at++] = LETTER_N;
    for (let axis = 0; axis < 3; axis++) {
      const value = normals[i + axis]!;
      const scaled = Math.round(Math.abs(value) * 1e6);
      bytes[at++] = SPACE;
      at = putFixed(bytes, at, value < 0, scaled, NORMAL_DECIMALS);
    }
    bytes[at++] = LINE_FEED;
  }
  return at;
}

/** `f a//a b//b c//c` lines: of each corner the vertex and its normal, counted from 1. */
function putFaces(bytes: Uint8Array, indices: Uint32Array, first: number, count: number): number {
  let at = 0;
  for (let i = 3 * first; i < 3 * (first + count); i += 3) {
    bytes[at++] = LETTER_F;
    for (let corner = 0; corner < 3; corner++) {
      const number = indices[i + corner]! + 1;
      bytes[at++] = SPACE;
      at = putWhole(bytes, at, number);
      bytes[at++] = SLASH;
      bytes[at++] = SLASH;
      at = putWhole(bytes, at, number);
    }
    bytes[at++] = LINE_FEED;
  }
  return at;
}

/** A single-precision number, so that reading it gives the same one. */
function putSingle(bytes: Uint8Array, at: number, value: number): number {
  const size = Math.abs(value);
  if (size < MOST_FIXED) {
    for (let decimals = LEAST_DECIMALS; decimals <= MOST_DECIMALS; decimals++) {
      const power = POWERS[decimals]!;
      const scaled = Math.round(size * power);
      if (Math.fround(scaled / power) === size) return putFixed(bytes, at, value < 0, scaled, decimals);
    }
  }
  // Nine digits tell any two single-precision numbers apart.
  for (const character of String(Number(value.toPrecision(9)))) bytes[at++] = character.charCodeAt(0);
  return at;
}

/** `scaled / 10^decimals`, without zeros at the end. */
function putFixed(bytes: Uint8Array, at: number, negative: boolean, scaled: number, decimals: number): number {
  const power = POWERS[decimals]!;
  const whole = Math.floor(scaled / power);
  let fraction = (scaled - whole * power) | 0;
  if (negative && scaled > 0) bytes[at++] = MINUS;
  at = putWhole(bytes, at, whole);
  if (fraction === 0) return at;
  while (fraction % 10 === 0) {
    fraction = (fraction / 10) | 0;
    decimals--;
  }
  bytes[at] = POINT;
  for (let i = at + decimals; i > at; i--) {
    const rest = (fraction / 10) | 0;
    bytes[i] = DIGIT_0 + fraction - rest * 10;
    fraction = rest;
  }
  return at + 1 + decimals;
}

/** A whole number, 0 to 2^31 − 1. */
function putWhole(bytes: Uint8Array, at: number, value: number): number {
  let digits = 1;
  while (digits < 10 && value >= POWERS[digits]!) digits++;
  let left = value | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    const rest = (left / 10) | 0;
    bytes[i] = DIGIT_0 + left - rest * 10;
    left = rest;
  }
  return at + digits;
}
