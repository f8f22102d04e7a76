/**
 * Binary little-endian PLY: a text header, then vertices of 6 × f32 (position, normal), then faces of u8 = 3 and 3 × i32.
 *
 * Indices are `int`, which every reader knows; no mesh here comes near 2^31 vertices.
 * Source: http://paulbourke.net/dataformats/ply/
 */
import type { Mesh } from "@volumark/engine";
import { captionLine, type MeshCaption } from "./caption.ts";

const VERTEX_BYTES = 24;
const FACE_BYTES = 13;
/** Vertices or faces in a piece: 240 kB at the most. */
const AT_ONCE = 10_000;

/** A mesh as binary PLY with a unit normal for each vertex. Pieces are valid until the next one. */
export function* plyChunks(mesh: Mesh, caption: MeshCaption): Generator<Uint8Array> {
  const { vertexCount, triangleCount } = mesh;
  yield new TextEncoder().encode(header(vertexCount, triangleCount, caption));
  const piece = new Uint8Array(AT_ONCE * VERTEX_BYTES);
  const view = new DataView(piece.buffer);
  for (let first = 0; first < vertexCount; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, vertexCount - first);
    putVertices(view, mesh, first, count);
    yield piece.subarray(0, count * VERTEX_BYTES);
  }
  for (let first = 0; first < triangleCount; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, triangleCount - first);
    putFaces(view, mesh, first, count);
    yield piece.subarray(0, count * FACE_BYTES);
  }
}

function header(vertexCount: number, triangleCount: number, caption: MeshCaption): string {
  const properties = ["x", "y", "z", "nx", "ny", "nz"].map((name) => `property float ${name}`);
  return [
    "ply",
    "format binary_little_endian 1.0",
    `comment ${captionLine(caption)}`,
    `element vertex ${vertexCount}`,
    ...properties,
    `element face ${triangleCount}`,
    "property list uchar int vertex_indices",
    "end_header",
    "",
  ].join("\n");
}

function putVertices(view: DataView, mesh: Mesh, first: number, count: number): void {
  const { positions, normals } = mesh;
  for (let i = 0; i < count; i++) {
    const at = i * VERTEX_BYTES;
    const from = (first + i) * 3;
    for (let axis = 0; axis < 3; axis++) {
      view.setFloat32(at + 4 * axis, positions[from + axis]!, true);
      view.setFloat32(at + 12 + 4 * axis, normals[from + axis]!, true);
    }
  }
}

function putFaces(view: DataView, mesh: Mesh, first: number, count: number): void {
  const { indices } = mesh;
  for (let i = 0; i < count; i++) {
    const at = i * FACE_BYTES;
    const from = (first + i) * 3;
    view.setUint8(at, 3);
    view.setInt32(at + 1, indices[from]!, true);
    view.setInt32(at + 5, indices[from + 1]!, true);
    view.setInt32(at + 9, indices[from + 2]!, true);
  }
}
