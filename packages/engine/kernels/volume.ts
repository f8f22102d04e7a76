/**
 * Volumes from elsewhere: dense grids of samples to bricks, and what is looked up in them. The entry of the module: what
 * the host calls (src/volume/scan.ts, extract.ts, resample.ts, normals.ts).
 */
export { merge, reset } from "./volume/accumulators";
export { clip } from "./volume/clip";
export { collect } from "./volume/collect";
export { fill } from "./volume/fill";
export { keep } from "./volume/keep";
export { normals } from "./volume/normals";
export { place } from "./volume/place";
export { resample } from "./volume/resample";
export { scanLayer } from "./volume/scan";
export { seal, shift } from "./volume/slab";
export { tally } from "./volume/tally";
