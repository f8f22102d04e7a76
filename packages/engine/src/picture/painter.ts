/** What the two back ends of the picture have in common. */
import { EngineError } from "../errors.ts";
import type { Mesh } from "../surface/mesh.ts";
import type { Picture } from "./picture.ts";
import type { Look } from "./shade.ts";

/** Draws meshes into a picture of one size with one back end. */
export interface Painter {
  /** The picture is valid until the next call. `view` is laid out as `VIEW` says. */
  paint(mesh: Mesh, view: Float32Array, look: Look): Picture;
}

/** The error for a triangle that names a vertex that is not there. */
export function refuseVertex(vertex: number, vertexCount: number): EngineError {
  return new EngineError(
    "invalid-input",
    `draw: a triangle names vertex ${vertex} and the mesh has ${vertexCount}. Check the indices of the mesh.`,
    { vertex, vertexCount },
  );
}
