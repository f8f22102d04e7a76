/** The fast way through the picture: hands out memory and calls the kernels of `kernels/picture.ts`. */
import type { Kernels } from "../kernels/kernels.ts";
import type { Mesh } from "../surface/mesh.ts";
import { clipTriangles, type Pieces } from "./clip.ts";
import { type Painter, refuseVertex } from "./painter.ts";
import type { Picture } from "./picture.ts";
import { COVERAGE_COUNT, COVERAGE_SUM_X, COVERAGE_SUM_Y, SAMPLES, SHARE_OF_COVERED } from "./samples.ts";
import { INTENSITY_STEPS, LEVELS, LIGHTS, type Look } from "./shade.ts";
import { VIEW } from "./view.ts";

interface PictureExports {
  largestIndex(indices: number, count: number): number;
  projectVertices(positions: number, count: number, view: number, screen: number): void;
  selectTriangles(
    screen: number,
    indices: number,
    count: number,
    firstId: number,
    width: number,
    height: number,
    list: number,
    listEnd: number,
    found: number,
  ): number;
  coverTriangles(
    list: number,
    count: number,
    screen: number,
    indices: number,
    width: number,
    top: number,
    bottom: number,
    stride: number,
    depths: number,
    ids: number,
    tiles: number,
  ): void;
  listClipped(screen: number, indices: number, count: number, list: number): void;
  resolveBand(
    width: number,
    left: number,
    right: number,
    top: number,
    bottom: number,
    stride: number,
    depths: number,
    ids: number,
    screen: number,
    indices: number,
    positions: number,
    normals: number,
    firstPiece: number,
    pieceScreen: number,
    pieceIndices: number,
    pieceNormals: number,
    lights: number,
    levels: number,
    colors: number,
    coverage: number,
    scratch: number,
    rgba: number,
  ): number;
}

/** Pixels of a band: its samples (32 bytes a pixel) stay in the second-level cache. */
const BAND_PIXELS = 1 << 16;
/** Width and height of a tile in pixels. */
const TILE = 8;
/** What the kernel knows about each set of samples, and the memory that it shades in (`kernels/picture/scratch-layout.ts`). */
const COVERAGE_BYTES = 48;
const SCRATCH_BYTES = 96 * 1024;

/** Triangles on the screen, ready to be drawn: pointers into the arena. */
interface Source {
  readonly screen: number;
  readonly normals: number;
  /** Where the indices of triangle 0 are or would be. */
  readonly indices: number;
  /** Those that face the viewer. */
  readonly list: number;
  readonly listCount: number;
  /** Those that do not. */
  readonly back: number;
  readonly backCount: number;
  /** How many must be clipped first. */
  readonly clippedCount: number;
  /** The columns and rows that they may show in, first and last. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A painter on the kernels. Its picture lies in their arena. */
export function createKernelPainter(kernels: Kernels, width: number, height: number): Painter {
  const { arena } = kernels;
  const wasm = kernels.room<PictureExports>("picture");
  const stride = Math.ceil(width / 4) * 4;
  const bandRows = Math.min(height, Math.max(1, Math.floor(BAND_PIXELS / stride)));
  const bandBytes = bandRows * stride * SAMPLES * 4;
  const rgba = arena.allocate(width * height * 4);
  const depths = arena.allocate(bandBytes);
  const ids = arena.allocate(bandBytes);
  const tileBytes = Math.ceil(stride / TILE) * Math.ceil(bandRows / TILE) * 4;
  const tiles = arena.allocate(tileBytes);
  const viewAt = arena.allocate(VIEW.length * 4);
  const lights = arena.allocate(LIGHTS.length * 4);
  const levels = arena.allocate(INTENSITY_STEPS);
  const colors = arena.allocate(5 * LEVELS * 4);
  const found = arena.allocate(32);
  const coverage = arena.allocate(16 * COVERAGE_BYTES);
  const scratch = arena.allocate(SCRATCH_BYTES);
  for (let set = 0; set < 16; set++) {
    const at = coverage + set * COVERAGE_BYTES;
    const n = COVERAGE_COUNT[set];
    arena.f32(at, 9).set([n, n, 0, 0, COVERAGE_SUM_X[set], COVERAGE_SUM_Y[set], n, 0, SHARE_OF_COVERED[n]]);
    arena.u32(at + 36, 1)[0] = n * LEVELS * 4;
  }
  // Every picture leaves all depths 0.
  arena.u8(depths, bandBytes).fill(0);

  /** Where an array is in the arena; −1 where it is not. */
  const placeOf = (array: ArrayBufferView) => (arena.holds(array) ? array.byteOffset : -1);

  function copyIn(array: Float32Array | Uint32Array, length: number): number {
    const pointer = arena.allocate(length * 4);
    if (array instanceof Float32Array) arena.f32(pointer, length).set(array.subarray(0, length));
    else arena.u32(pointer, length).set(array.subarray(0, length));
    return pointer;
  }

  function select(
    screen: number,
    indices: number,
    count: number,
    firstId: number,
  ): Omit<Source, "screen" | "normals" | "indices"> {
    const list = arena.allocate(count * 8);
    const end = list + count * 8;
    const listCount = wasm.selectTriangles(screen, indices, count, firstId, width, height, list, end, found) >>> 0;
    const [left, top, right, bottom] = arena.i32(found + 16, 4);
    const [backCount, clippedCount] = arena.u32(found, 2);
    return { list, listCount, back: end - 8 * backCount, backCount, clippedCount, left, top, right, bottom };
  }

  function placePieces(pieces: Pieces, firstId: number): Source {
    const { vertexCount, triangleCount } = pieces;
    const screen = arena.allocate(vertexCount * 16);
    arena.i32(screen, 4 * vertexCount).set(pieces.screen.ints.subarray(0, 4 * vertexCount));
    const normals = copyIn(pieces.normals, 3 * vertexCount);
    const indices = copyIn(pieces.indices, 3 * triangleCount);
    const selected = select(screen, indices, triangleCount, firstId);
    return { screen, normals, indices: (indices - 12 * firstId) >>> 0, ...selected };
  }

  function paint(mesh: Mesh, view: Float32Array, look: Look): Picture {
    const { vertexCount, triangleCount, positions, normals, indices } = mesh;
    // Pointers before the first allocation: growing the memory detaches these views.
    let positionsAt = placeOf(positions);
    let normalsAt = placeOf(normals);
    let indicesAt = placeOf(indices);
    if (positionsAt < 0) positionsAt = copyIn(positions, 3 * vertexCount);
    if (normalsAt < 0) normalsAt = copyIn(normals, 3 * vertexCount);
    if (indicesAt < 0) indicesAt = copyIn(indices, 3 * triangleCount);
    const largest = wasm.largestIndex(indicesAt, 3 * triangleCount) >>> 0;
    if (triangleCount > 0 && largest >= vertexCount) throw refuseVertex(largest, vertexCount);

    arena.f32(viewAt, VIEW.length).set(view);
    arena.f32(lights, LIGHTS.length).set(look.lights);
    arena.u8(levels, INTENSITY_STEPS).set(look.levels);
    arena.u8(colors, 5 * LEVELS * 4).set(look.colors);

    const screen = arena.allocate(vertexCount * 16);
    wasm.projectVertices(positionsAt, vertexCount, viewAt, screen);
    const selected = select(screen, indicesAt, triangleCount, 0);
    const whole: Source = { screen, normals: normalsAt, indices: indicesAt, ...selected };
    const clipped = whole.clippedCount;
    let pieces: Source = { ...whole, listCount: 0, backCount: 0 };
    if (clipped > 0) {
      const clippedList = arena.allocate(clipped * 4);
      wasm.listClipped(screen, indicesAt, triangleCount, clippedList);
      const triangles = arena.u32(clippedList, clipped).slice();
      const ints = arena.i32(screen, 4 * vertexCount);
      const clip = clipTriangles(
        triangles,
        arena.f32(positionsAt, 3 * vertexCount),
        arena.f32(normalsAt, 3 * vertexCount),
        arena.u32(indicesAt, 3 * triangleCount),
        view,
        { ints, floats: arena.f32(screen, 4 * vertexCount) },
      );
      pieces = placePieces(clip, triangleCount);
    }

    // Depths and ids are kept for what may show alone; the rest is background.
    const left = Math.min(whole.left, pieces.left);
    const right = Math.max(whole.right, pieces.right) + 1;
    const first = Math.min(whole.top, pieces.top);
    const end = Math.max(whole.bottom + 1, pieces.bottom + 1, first);
    const resolve = (top: number, bottom: number, left: number, right: number) =>
      wasm.resolveBand(
        width,
        left,
        right,
        top,
        bottom,
        stride,
        depths,
        ids,
        whole.screen,
        whole.indices,
        positionsAt,
        whole.normals,
        triangleCount,
        pieces.screen,
        pieces.indices,
        pieces.normals,
        lights,
        levels,
        colors,
        coverage,
        scratch,
        rgba,
      );
    resolve(0, first, 0, 0);
    resolve(end, height, 0, 0);
    let shadedPixelCount = 0;
    for (let top = first; top < end; top += bandRows) {
      const bottom = Math.min(top + bandRows, end);
      const cover = ({ screen, indices }: Source, list: number, count: number, tiles: number) => {
        if (count > 0) {
          wasm.coverTriangles(list, count, screen, indices, width, top, bottom, stride, depths, ids, tiles);
        }
      };
      // What faces away is mostly hidden by what does not.
      cover(whole, whole.list, whole.listCount, 0);
      cover(pieces, pieces.list, pieces.listCount, 0);
      if (whole.backCount > 0) arena.u8(tiles, tileBytes).fill(0xff);
      cover(whole, whole.back, whole.backCount, tiles);
      cover(pieces, pieces.back, pieces.backCount, 0);
      shadedPixelCount += resolve(top, bottom, left, right);
    }
    return {
      width,
      height,
      shadedPixelCount,
      get rgba() {
        return arena.u8(rgba, width * height * 4);
      },
    };
  }

  return {
    paint(mesh, view, look) {
      const mark = arena.mark();
      try {
        return paint(mesh, view, look);
      } finally {
        arena.release(mark);
      }
    },
  };
}
