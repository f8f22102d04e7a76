/**
 * Whether two meshes made by different algorithms show the same surface of the seed scene.
 *
 * Vertices and the middles of triangles lie on it, to a cell; it reaches as far; and it encloses the same volume above the
 * lowest layer of samples, where it is open. By Gauss that volume is the integral of x nx, of (y − floor) ny and of z nz alike.
 * Areas would not do: where dual contouring merges cells, slivers fold over. Nor would all three integrals: merged cells at the
 * floor have no neighbours below, so the upright sides end a little above it; (y − floor) ny does not see that, the others
 * tell how much is lacking.
 */
import { formatNumber } from "../../packages/measure/dist/index.js";
import { NotAlike } from "../alternate.mjs";
import { seedDistance } from "./grid.mjs";

/** Volumes may differ by this share at dimension 32, in proportion to the size of a cell at others. */
const VOLUME_SHARE = 0.01;
/** Share that may lack at the floor, as the integral of x nx or z nz tells it. One side alone would be 0.45. */
const LACKING_SHARE = 0.2;
/** Another algorithm may make this many times more or fewer vertices and triangles. */
const COUNT_FACTOR = 3;

/** Throws unless both are the surface at `time`. A mesh is `{ positions, indices }`, three numbers a vertex and a triangle. */
export function checkSameSurface(own, theirs, time, dimension) {
  const cell = 2 / dimension;
  const sides = { "the project": shapeOf(own, time, dimension), "the peer": shapeOf(theirs, time, dimension) };
  const { "the project": here, "the peer": there } = sides;
  for (const [side, { farthest }] of Object.entries(sides))
    if (!(farthest < cell))
      refuse(`${side} is ${formatNumber(farthest)} off the surface, a cell is ${formatNumber(cell)}`);
  here.bounds.forEach((bound, i) => {
    if (!(Math.abs(bound - there.bounds[i]) < cell))
      refuse(
        `the surface reaches ${formatNumber(bound)} here, ${formatNumber(there.bounds[i])} there (${"xyz"[i % 3]})`,
      );
  });
  const volume = here.volumes[1];
  if (!(Math.abs(there.volumes[1] / volume - 1) <= (VOLUME_SHARE * 32) / dimension))
    refuse(`a volume of ${volume.toFixed(5)} here, ${there.volumes[1].toFixed(5)} there`);
  for (const axis of [0, 2]) {
    const lacking = 1 - there.volumes[axis] / volume;
    if (!(Math.abs(lacking) <= LACKING_SHARE))
      refuse(`${formatNumber(100 * lacking)} % of the sides along ${"xyz"[axis]} lack there`);
  }
}

/** Throws where the counts are not even of the same size; for meshes of which `checkSameSurface` has seen the like. */
export function similarCounts(own, theirs) {
  for (const what of ["vertices", "triangles"]) {
    const factor = theirs[what] / own[what];
    if (!(factor > 1 / COUNT_FACTOR && factor < COUNT_FACTOR))
      refuse(`${own[what]} ${what} here, ${theirs[what]} there`);
  }
}

/** `{ farthest, bounds, volumes }`: the largest |value| at a vertex or middle, least and most xyz, the integrals along xyz. */
function shapeOf({ positions, indices }, time, dimension) {
  const distance = seedDistance(time);
  const floor = [0, -1 + 1 / dimension, 0];
  const bounds = [...Array(3).fill(Number.POSITIVE_INFINITY), ...Array(3).fill(Number.NEGATIVE_INFINITY)];
  const volumes = [0, 0, 0];
  let farthest = 0;
  // Not a number stays not a number.
  const look = (x, y, z) => {
    farthest = Math.max(farthest, Math.abs(distance(x, y, z)));
  };
  for (let i = 0; i < positions.length; i += 3) {
    look(positions[i], positions[i + 1], positions[i + 2]);
    for (let k = 0; k < 3; k++) {
      bounds[k] = Math.min(bounds[k], positions[i + k]);
      bounds[3 + k] = Math.max(bounds[3 + k], positions[i + k]);
    }
  }
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [3 * indices[i], 3 * indices[i + 1], 3 * indices[i + 2]];
    const middle = [0, 1, 2].map((k) => (positions[a + k] + positions[b + k] + positions[c + k]) / 3);
    look(middle[0], middle[1], middle[2]);
    for (let k = 0; k < 3; k++) {
      const [u, v] = [(k + 1) % 3, (k + 2) % 3];
      const twice =
        (positions[b + u] - positions[a + u]) * (positions[c + v] - positions[a + v]) -
        (positions[b + v] - positions[a + v]) * (positions[c + u] - positions[a + u]);
      volumes[k] += ((middle[k] - floor[k]) * twice) / 2;
    }
  }
  return { farthest, bounds, volumes };
}

function refuse(sentence) {
  throw new NotAlike(sentence);
}
