/**
 * Kernels of the picture room. The entry of the module: what the host calls (src/picture/kernel.ts). Each has a readable
 * twin in src/picture that gives the same bits. All memory is passed in.
 */
export { listClipped } from "./picture/clipped";
export { coverTriangles } from "./picture/cover";
export { largestIndex } from "./picture/largest-index";
export { projectVertices } from "./picture/project";
export { resolveBand } from "./picture/resolve";
export { selectTriangles } from "./picture/select";
