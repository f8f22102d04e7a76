/**
 * The surface of a dense grid of samples, without a field that says where it is: on one thread and on two.
 *
 * Both sides read the same file of samples, in memory before anything is timed. The project's samples lie on memory that
 * threads share and are copied into each one's own as it goes, which is part of its time; VTK reads its array in place.
 */
import { closeSync, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { freemem } from "node:os";
import { NotAlike, ownSide, peerSide } from "../alternate.mjs";
import { DenseLanes } from "../dense-lanes.mjs";
import { ONE_THREAD } from "../peers/conversation.mjs";
import { engine } from "../rooms.mjs";
import { writeGrid } from "./grid.mjs";

export const name = "dense";

const MOMENT = 0.5;
const GOAL = { atLeast: 1 };
/** The samples here, there, and in the file cache. */
const COPIES = 3;
/** Sixteen comparisons: each a little shorter than usual. */
const PAIRS = { seconds: 6 };

export async function run(comparison) {
  for (const dimension of comparison.quick ? [64] : [64, 128, 256, 512]) {
    const needed = COPIES * 4 * dimension ** 3;
    if (freemem() < needed) comparison.skip(`dense ${dimension}³`, `about ${Math.round(needed / 1e9)} GB are needed`);
    else await atDimension(comparison, dimension);
  }
}

async function atDimension(comparison, dimension) {
  const path = writeGrid(comparison.temporary, dimension, MOMENT);
  const volume = { samples: readSamples(path), dimensions: [dimension, dimension, dimension], spacing: [1, 1, 1] };
  const open = [];
  const peerOf = async (normals, threads) => {
    const conversation = comparison.python("surface", ONE_THREAD);
    await conversation.ask("load_image", { dimension, path });
    return peerSide(conversation, "flying_edges", () => ({ normals, threads }));
  };
  try {
    for (const normals of [false, true]) {
      const options = { level: 0, inside: "below", normals };
      const one = oneThread(volume, options);
      for (const threads of [1, 2]) {
        const label = `dense ${dimension}³${normals ? " + normals" : ""}, ${threads === 1 ? "one thread" : "two threads"}`;
        await comparison.compare({
          what: `${label} / VTK Flying Edges`,
          goal: GOAL,
          pairs: PAIRS,
          project: () => {
            if (threads === 1) return ownSide(() => one.counts());
            const lanes = new DenseLanes({ volume, options, lanes: threads, ...one.mesh() });
            open.push(lanes);
            lanes.run();
            sameMesh(lanes.mesh, one.mesh(), label);
            return ownSide(() => lanes.run());
          },
          peer: () => peerOf(normals, threads),
        });
      }
    }
  } finally {
    for (const lanes of open) await lanes.close();
    rmSync(path);
  }
}

/** One thread, its memory kept from call to call. */
function oneThread(volume, options) {
  const kernels = new engine.Kernels();
  const workspace = engine.createVolumeWorkspace(kernels);
  const inArena = (use) => {
    const mark = kernels.arena.mark();
    const result = use(engine.extractVolumeInto(workspace, volume, options));
    kernels.arena.release(mark);
    return result;
  };
  return {
    counts: () => inArena(({ vertexCount, triangleCount }) => ({ vertices: vertexCount, triangles: triangleCount })),
    mesh: () =>
      inArena(({ vertexCount, triangleCount, positions, normals, indices }) => ({
        vertexCount,
        triangleCount,
        positions: positions.slice(),
        normals: normals.slice(),
        indices: indices.slice(),
      })),
  };
}

/** Throws unless several threads made, bit for bit, what one makes. */
function sameMesh(shared, expected, label) {
  for (const part of ["positions", "normals", "indices"]) {
    const [a, b] = [shared[part], expected[part]].map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    );
    if (!a.equals(b)) throw new NotAlike(`${label}: other ${part} than on one thread`);
  }
}

/** The numbers of a file on memory that threads share. */
function readSamples(path) {
  const file = openSync(path);
  const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size));
  const most = 2 ** 28;
  for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, Math.min(most, bytes.length - at), at);
  closeSync(file);
  return new Float32Array(bytes.buffer);
}
