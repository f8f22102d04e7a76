/** Bricks to triangles: marching cubes with shared vertices, and checks of the result. */
export { checkMesh, type MeshReport, type MeshShape } from "./check.ts";
export {
  createSurfaceWorkspace,
  type ExtractSurfaceOptions,
  extractSurface,
  extractSurfaceInto,
  type SurfaceOptions,
  type SurfaceWorkspace,
  type SurfaceWorkspaceOptions,
} from "./extract.ts";
export type { SurfaceForm } from "./form.ts";
export type { Mesh } from "./mesh.ts";
export { extractSurfaceReference, type SurfaceShape } from "./reference.ts";
