/**
 * Marching cubes over bricks, and what welding does to every triangle. The entry of the module: what the host calls
 * (src/surface/extract.ts, weld-store.ts). The readable twins are src/surface/reference.ts and weld-scans.ts; both give the
 * same bits.
 */
export { count } from "./surface/count";
export { emit } from "./surface/emit";
export { recordBytes } from "./surface/record-layout";
export { closeUp, movePositions, number, renumber, sharing, touching } from "./surface/weld";
