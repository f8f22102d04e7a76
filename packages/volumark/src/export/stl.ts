/**
 * Binary STL: triangles without shared vertices, each with the normal of its plane.
 *
 * ```
 *   80 bytes  anything that does not begin with "solid", by which readers know the text form
 *    4        number of triangles, u32
 *   50 each   normal 3 × f32, corners 9 × f32, attributes u16 = 0          all little endian
 * ```
 * Sources: https://www.loc.gov/preservation/digital/formats/fdd/fdd000505.shtml
 */
import type { Mesh } from "@volumark/engine";
import type { MeshCaption } from "./caption.ts";

const HEADER_BYTES = 84;
const TRIANGLE_BYTES = 50;
/** Triangles in a piece: 250 kB. */
const TRIANGLES_AT_ONCE = 5000;

/** A mesh as binary STL: 84 + 50 · triangles bytes. A triangle without area has the normal (0, 0, 0). Pieces are valid until the next one. */
export function* stlChunks(mesh: Mesh, { generator }: MeshCaption): Generator<Uint8Array> {
  const { triangleCount } = mesh;
  const header = new Uint8Array(HEADER_BYTES);
  header.set(new TextEncoder().encode(`${generator}, binary STL, world units, +y up`).subarray(0, 80));
  new DataView(header.buffer).setUint32(80, triangleCount, true);
  yield header;
  const piece = new Uint8Array(TRIANGLES_AT_ONCE * TRIANGLE_BYTES);
  const view = new DataView(piece.buffer);
  for (let first = 0; first < triangleCount; first += TRIANGLES_AT_ONCE) {
    const count = Math.min(TRIANGLES_AT_ONCE, triangleCount - first);
    putTriangles(view, mesh, first, count);
    yield piece.subarray(0, count * TRIANGLE_BYTES);
  }
}

function putTriangles(view: DataView, mesh: Mesh, first: number, count: number): void {
  const { positions, indices } = mesh;
  for (let i = 0; i < count; i++) {
    const at = i * TRIANGLE_BYTES;
    const corner = (first + i) * 3;
    const a = indices[corner]! * 3;
    const b = indices[corner + 1]! * 3;
    const c = indices[corner + 2]! * 3;
    const ax = positions[a]!;
    const ay = positions[a + 1]!;
    const az = positions[a + 2]!;
    const bx = positions[b]!;
    const by = positions[b + 1]!;
    const bz = positions[b + 2]!;
    const cx = positions[c]!;
    const cy = positions[c + 1]!;
    const cz = positions[c + 2]!;
    const nx = (by - ay) * (cz - az) - (bz - az) * (cy - ay);
    const ny = (bz - az) * (cx - ax) - (bx - ax) * (cz - az);
    const nz = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    const scale = length > 0 ? 1 / length : 0;
    view.setFloat32(at, nx * scale, true);
    view.setFloat32(at + 4, ny * scale, true);
    view.setFloat32(at + 8, nz * scale, true);
    view.setFloat32(at + 12, ax, true);
    view.setFloat32(at + 16, ay, true);
    view.setFloat32(at + 20, az, true);
    view.setFloat32(at + 24, bx, true);
    view.setFloat32(at + 28, by, true);
    view.setFloat32(at + 32, bz, true);
    view.setFloat32(at + 36, cx, true);
    view.setFloat32(at + 40, cy, true);
    view.setFloat32(at + 44, cz, true);
  }
}
