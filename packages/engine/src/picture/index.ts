/** Picture: mesh to pixels. */
export { cameraAt } from "./camera.ts";
export {
  createPictureWorkspace,
  type DrawOptions,
  drawMesh,
  drawMeshInto,
  type PictureBackend,
  type PictureWorkspace,
  type PictureWorkspaceOptions,
} from "./draw.ts";
export { type LookColors, lookColors } from "./look-colors.ts";
export type { Camera, Picture } from "./picture.ts";
export { type Look, resolveLook } from "./shade.ts";
export { linearFromSrgb, srgb8FromLinear } from "./srgb.ts";
