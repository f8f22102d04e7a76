/** Field and surface of one moment, one thread a side. */
import { readFileSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { ownSide, peerSide } from "../alternate.mjs";
import { sameTriangles } from "../comparison.mjs";
import { ONE_THREAD } from "../peers/conversation.mjs";
import { engine, SurfaceRooms } from "../rooms.mjs";
import { writeGrid } from "./grid.mjs";
import { checkSameSurface, similarCounts } from "./same-surface.mjs";

export const name = "field-surface";

/**
 * Moments taken in turn: nothing can be kept from one call to the next, except what an animation may keep. Frame 17 is
 * left out: at 32³ it has an ambiguous cell, for which scikit-image and PyMCubes make four triangles more than Warp and VTK.
 */
const MOMENTS = [15, 16, 18, 19].map((frame) => frame / 30);
/** Of fidget; it shares its work among threads. */
const THREADS = [1, 2];
/** numpy needs this many grids at once when it works on whole arrays. */
const NUMPY_GRIDS = 14;

export async function run(comparison) {
  const { quick } = comparison;
  for (const dimension of quick ? [32] : [512, 128, 64, 32]) await atDimension(comparison, dimension);
  for (const dimension of quick ? [32] : [512, 256, 128, 64, 32]) await besideFidget(comparison, dimension);
}

async function atDimension(comparison, dimension) {
  const large = dimension >= 512;
  const rooms = new SurfaceRooms(engine.preset("seed"), dimension);
  const moments = (pair) => MOMENTS.map((_, i) => MOMENTS[(pair + i) % MOMENTS.length]);
  // The last repetition, turn 0, shows the moment of the pair on both sides.
  const own = (normals) => () =>
    ownSide((turn, pair) => rooms.counts(MOMENTS[(pair + turn) % MOMENTS.length], normals));
  const still = (normals) => () => ownSide(() => rooms.counts(MOMENTS[0], normals));
  const python = () => comparison.python("surface", ONE_THREAD);
  const peer =
    (call, more = {}) =>
    () =>
      peerSide(python(), call, (pair) => ({ dimension, moments: moments(pair), ...more }));
  const at = `field + surface ${dimension}³`;
  const goalAt512 = (atLeast) => (large ? { atLeast } : null);
  const slow = large ? { least: 3, most: 5, seconds: 20 } : {};

  const flying = (normals) => ({
    what: `${at}${normals ? " + normals" : ""} / VTK Flying Edges${normals ? " + normals" : ""}, surface alone`,
    goal: large ? { atLeast: 5 } : dimension <= 64 ? { atLeast: 1 } : null,
    project: still(normals),
    peer: async () => {
      const conversation = python();
      await conversation.ask("fill_image", { dimension, moment: MOMENTS[0] });
      return peerSide(conversation, "flying_edges", () => ({ normals, threads: 1 }));
    },
  });
  await comparison.compare(flying(false));
  await comparison.compare(flying(true));
  await comparison.compare({
    what: `${at} / Warp sparse`,
    goal: goalAt512(10),
    project: own(false),
    peer: peer("warp_sparse"),
    pairs: slow,
  });

  const needed = NUMPY_GRIDS * 4 * dimension ** 3;
  const whole = `${at} + normals / numpy + scikit-image`;
  if (freemem() < needed) comparison.skip(whole, `about ${Math.round(needed / 1e9)} GB are needed`);
  else
    await comparison.compare({
      what: whole,
      goal: goalAt512(60),
      project: own(true),
      peer: peer("numpy_skimage"),
      pairs: slow,
    });
  await comparison.compare({
    what: `${at} + normals / numpy in slabs + scikit-image`,
    project: own(true),
    peer: peer("numpy_skimage", { slabs: true }),
    pairs: slow,
  });
  if (large) return;
  await comparison.compare({
    what: `${at} / numpy in slabs + PyMCubes`,
    project: own(false),
    peer: peer("numpy_pymcubes"),
  });
  await comparison.compare({
    what: `${at} / npm isosurface, surface alone`,
    project: still(false),
    alike: sameTriangles,
    peer: async () => {
      const conversation = comparison.npm();
      await conversation.ask("load_grid", { dimension, path: writeGrid(comparison.temporary, dimension, MOMENTS[0]) });
      return peerSide(conversation, "isosurface");
    },
  });
}

/**
 * Another algorithm on the same samples: dual contouring, with sharp edges and large triangles where the surface is flat. Its
 * counts are its own; that it is the same surface is checked before anything is timed.
 */
async function besideFidget(comparison, dimension) {
  const large = dimension >= 512;
  const rooms = new SurfaceRooms(engine.preset("seed"), dimension);
  const rotated = (pair) => MOMENTS.map((_, i) => MOMENTS[(pair + i) % MOMENTS.length]);
  for (const threads of THREADS) {
    const what = `field + surface ${dimension}³ / fidget, JIT, ${threads === 1 ? "one thread" : `${threads} threads`}`;
    if (threads > availableParallelism()) {
      comparison.skip(what, `${threads} processors are needed, here are ${availableParallelism()}`);
      continue;
    }
    await comparison.compare({
      what,
      goal: large && threads === 1 ? { atLeast: 50 } : null,
      alike: similarCounts,
      project: () => ownSide((turn, pair) => rooms.counts(MOMENTS[(pair + turn) % MOMENTS.length], false)),
      peer: async () => {
        const fidget = comparison.fidget();
        await fidget.ask("prepare", { dimension, moments: MOMENTS, threads });
        for (const moment of MOMENTS) await checkAgainstFidget(comparison, rooms, moment);
        return peerSide(fidget, "mesh", (pair) => ({ dimension, moments: rotated(pair) }));
      },
      pairs: large ? { least: 3, most: 9, seconds: 20 } : {},
    });
  }
}

async function checkAgainstFidget(comparison, rooms, moment) {
  const { dimension, kernels } = rooms;
  const [positions, indices] = ["positions", "indices"].map((name) => join(comparison.temporary, `fidget-${name}.raw`));
  await comparison.fidget().ask("write_mesh", { dimension, moments: [moment], positions, indices });
  const numbers = (path, Kind) => new Kind(new Uint8Array(readFileSync(path)).buffer);
  const theirs = { positions: numbers(positions, Float32Array), indices: numbers(indices, Uint32Array) };
  const mark = kernels.arena.mark();
  try {
    checkSameSurface(rooms.mesh(moment, false), theirs, moment, dimension);
  } finally {
    kernels.arena.release(mark);
  }
}
