/**
 * The surface of a dense grid by several threads at once: this thread and workers that stay, a slab of brick layers each.
 *
 * The samples and the arrays of the mesh are shared. Every lane extracts its slab into memory of its own, says how large it
 * became, waits for the lanes before it to have said so, and copies its slab to its place in the mesh.
 *
 * ```
 *   control, i32 each
 *     0  turn that the lanes are to work on, −1: end      1  slabs extracted in this turn      2  slabs written
 *     3 + 2 i  vertices, triangles of slab i
 * ```
 */
import { isMainThread, Worker, workerData } from "node:worker_threads";
import * as engine from "../packages/engine/dist/index.js";

const TURN = 0;
const EXTRACTED = 1;
const WRITTEN = 2;
const COUNTS = 3;

/** A dense grid, its surface by one thread, and the same by several. */
export class DenseLanes {
  #lane;
  #control;
  #workers = [];

  /**
   * @param given `{ volume, options, lanes, vertexCount, triangleCount }`: samples on shared memory, how many threads, and how
   * large the mesh becomes; its arrays are made once, here, as the rest of the memory is kept from call to call
   */
  constructor({ volume, options, lanes, vertexCount, triangleCount }) {
    const shared = (Kind, length) => new Kind(new SharedArrayBuffer(4 * length));
    this.#control = shared(Int32Array, COUNTS + 2 * lanes);
    this.mesh = {
      positions: shared(Float32Array, 3 * vertexCount),
      normals: shared(Float32Array, options.normals ? 3 * vertexCount : 0),
      indices: shared(Uint32Array, 3 * triangleCount),
    };
    const given = { volume, options, lanes, control: this.#control, mesh: this.mesh };
    for (let lane = 1; lane < lanes; lane++) {
      this.#workers.push(new Worker(new URL(import.meta.url), { workerData: { ...given, lane } }));
    }
    this.#lane = new Lane({ ...given, lane: 0 });
  }

  /** Makes the mesh once and says how large it is. */
  run() {
    const control = this.#control;
    control.fill(0, EXTRACTED);
    Atomics.add(control, TURN, 1);
    Atomics.notify(control, TURN);
    this.#lane.work();
    waitFor(control, WRITTEN, this.#workers.length + 1);
    let vertices = 0;
    let triangles = 0;
    for (let i = COUNTS; i < control.length; i += 2) {
      vertices += control[i];
      triangles += control[i + 1];
    }
    return { vertices, triangles };
  }

  async close() {
    Atomics.store(this.#control, TURN, -1);
    Atomics.notify(this.#control, TURN);
    for (const worker of this.#workers) await worker.terminate();
  }
}

class Lane {
  #given;
  #workspace = engine.createVolumeWorkspace(new engine.Kernels());
  #from;
  #to;

  constructor(given) {
    this.#given = given;
    const layers = engine.volumeLayerCount(given.volume, given.options);
    // Every slab but the last extracts one layer more than it keeps.
    const each = (layers + given.lanes - 1) / given.lanes;
    this.#from = Math.round(given.lane * (each - 1));
    this.#to = given.lane + 1 < given.lanes ? Math.round((given.lane + 1) * (each - 1)) : layers;
  }

  work() {
    const { volume, options, lane, lanes, control, mesh } = this.#given;
    const { arena } = this.#workspace.kernels;
    const mark = arena.mark();
    const slab = engine.extractVolumeSlab(this.#workspace, volume, this.#from, this.#to, options);
    control[COUNTS + 2 * lane] = slab.vertexCount;
    control[COUNTS + 2 * lane + 1] = slab.triangleCount;
    Atomics.add(control, EXTRACTED, 1);
    Atomics.notify(control, EXTRACTED);
    waitFor(control, EXTRACTED, lanes);
    let vertices = 0;
    let triangles = 0;
    for (let i = 0; i < lane; i++) {
      vertices += control[COUNTS + 2 * i];
      triangles += control[COUNTS + 2 * i + 1];
    }
    engine.writeSlab(slab, vertices, triangles, mesh);
    arena.release(mark);
    Atomics.add(control, WRITTEN, 1);
    Atomics.notify(control, WRITTEN);
  }
}

function waitFor(control, word, value) {
  for (;;) {
    const seen = Atomics.load(control, word);
    if (seen >= value) return;
    Atomics.wait(control, word, seen);
  }
}

if (!isMainThread && workerData?.control) {
  const { control } = workerData;
  const lane = new Lane(workerData);
  for (let turn = 0; ; ) {
    Atomics.wait(control, TURN, turn);
    turn = Atomics.load(control, TURN);
    if (turn < 0) break;
    lane.work();
  }
}
