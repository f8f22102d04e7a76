/** What kind of mesh is asked for, beyond the triangles of the classic table. */
export interface SurfaceForm {
  /**
   * How the surface runs through cells whose eight signs leave it open.
   * - `"classic"` (default): by the signs alone; inside corners on a diagonal of a face stay apart.
   * - `"trilinear"`: connected as the trilinear interpolant of the eight samples is, on every face and in the interior of
   *   the cell, tunnels included. Cells whose signs say it all have the same triangles at the same cost.
   */
  readonly topology?: "classic" | "trilinear";
  /**
   * Merges vertices at the same place, and leaves no triangle without area and none twice; default false.
   * Such triangles come from samples that equal the level, or lie so near to it that a vertex is rounded to the sample.
   * Vertices nearer than 2⁻²¹ world units to a sample are put on it. Where there are none, this costs two comparisons a
   * vertex; else every triangle is looked at. See `weldMesh` for what becomes of the rest.
   */
  readonly weld?: boolean;
}
