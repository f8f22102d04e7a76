/** The door between surface and picture: an indexed triangle mesh. */

/**
 * Triangles wind counter-clockwise seen from outside (where the field is positive).
 * The arrays are valid until the same workspace extracts again.
 */
export interface Mesh {
  readonly vertexCount: number;
  readonly triangleCount: number;
  /** xyz for each vertex, world space. */
  readonly positions: Float32Array;
  /** Unit xyz for each vertex, pointing outside; empty where none were asked for. */
  readonly normals: Float32Array;
  /** Three vertex indices for each triangle. */
  readonly indices: Uint32Array;
  /** Cells that the surface passes through: the unit of work of this stage. */
  readonly activeCellCount: number;
}
