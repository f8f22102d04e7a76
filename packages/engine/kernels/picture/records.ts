/**
 * What shading needs of a triangle, read from the mesh once for all its pixels in a band.
 */
import { disagree, faceNormal, towardsFace } from "./crease";
import { MAP, MOST_FRAGMENTS, RECORD, RECORD_ID, RECORDS } from "./scratch-layout";

/** No triangle. */
const NONE: u32 = 0xffffffff;

/** Where the triangles of the band at hand are, for those few times that one is new. */
let meshScreen: usize = 0;
let meshIndices: usize = 0;
let meshPositions: usize = 0;
let meshNormals: usize = 0;
let pieces: u32 = 0;
let piecesScreen: usize = 0;
let piecesIndices: usize = 0;
let piecesNormals: usize = 0;
/** Records in use. */
let records: u32 = 0;

/** Begins with the triangles of another band: those of the mesh, and from the id `firstPiece` on those of pieces. */
export function startRecords(
  scratch: usize,
  screen: usize,
  indices: usize,
  positions: usize,
  normals: usize,
  firstPiece: u32,
  pieceScreen: usize,
  pieceIndices: usize,
  pieceNormals: usize,
): void {
  forgetRecords(scratch);
  meshScreen = screen;
  meshIndices = indices;
  meshPositions = positions;
  meshNormals = normals;
  pieces = firstPiece;
  piecesScreen = pieceScreen;
  piecesIndices = pieceIndices;
  piecesNormals = pieceNormals;
}

/** Makes room for the records of as many fragments as a queue holds. */
export function makeRoom(scratch: usize): void {
  if (records + MOST_FRAGMENTS > RECORDS) forgetRecords(scratch);
}

function forgetRecords(scratch: usize): void {
  memory.fill(scratch + MAP, 0, RECORDS * 4);
  store<u32>(scratch, NONE, RECORD_ID);
  records = 1;
}

/** The record of a triangle, written if it is new. */
export function recordOf(id: u32, scratch: usize): u32 {
  const mapped = scratch + MAP + ((<usize>(id & (RECORDS - 1))) << 2);
  const record = load<u32>(mapped);
  return load<u32>(scratch + <usize>record * RECORD, RECORD_ID) == id ? record : newRecord(id, mapped, scratch);
}

export function newRecord(id: u32, mapped: usize, scratch: usize): u32 {
  const record = records++;
  store<u32>(mapped, record);
  const to = scratch + <usize>record * RECORD;
  if (id >= pieces) describe(id, piecesScreen, piecesIndices, 0, piecesNormals, to);
  else describe(id, meshScreen, meshIndices, meshPositions, meshNormals, to);
  return record;
}

/** Writes the record of a triangle. `positions` is 0 for pieces, whose normals are already those to shade with. */
function describe(id: u32, screen: usize, indices: usize, positions: usize, normals: usize, to: usize): void {
  const triangle = indices + <usize>id * 12;
  // Read from 4 bytes before, so that the last normal needs nothing after it: lanes 1, 2, 3 are x, y, z.
  const base = normals - 4;
  const i0 = <usize>load<u32>(triangle);
  const i1 = <usize>load<u32>(triangle, 4);
  const i2 = <usize>load<u32>(triangle, 8);
  const v0 = v128.load(screen + (i0 << 4));
  const v1 = v128.load(screen + (i1 << 4));
  const v2 = v128.load(screen + (i2 << 4));
  let normal0 = v128.load(base + i0 * 12);
  let normal1 = v128.load(base + i1 * 12);
  let normal2 = v128.load(base + i2 * 12);
  if (positions != 0 && disagree(normal0, normal1, normal2)) {
    const face = faceNormal(positions - 4, i0 * 12, i1 * 12, i2 * 12);
    if (v128.any_true(face)) {
      normal0 = towardsFace(normal0, face);
      normal1 = towardsFace(normal1, face);
      normal2 = towardsFace(normal2, face);
    }
  }
  const xy01 = v128.shuffle<i32>(v0, v1, 0, 4, 1, 5);
  const x = f32x4.convert_i32x4_s(v128.shuffle<i32>(xy01, v2, 0, 1, 4, 4));
  const y = f32x4.convert_i32x4_s(v128.shuffle<i32>(xy01, v2, 2, 3, 5, 5));
  v128.store(to, v128.shuffle<f32>(x, v0, 0, 1, 2, 6));
  v128.store(to, v128.shuffle<f32>(y, v1, 0, 1, 2, 6), 16);
  v128.store(to, v128.shuffle<f32>(normal0, v2, 1, 2, 3, 6), 32);
  v128.store(to, i32x4.replace_lane(v128.shuffle<f32>(normal1, normal1, 1, 2, 3, 3), 3, id), 48);
  v128.store(to, v128.shuffle<f32>(normal2, normal2, 1, 2, 3, 3), 64);
}
