/**
 * What npm offers for the same work, in a process of its own: `isosurface` for the surface, `gifenc` for the GIF.
 * Speaks the protocol of `conversation.py`. The folder of the packages is the first argument.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(resolve(process.argv[2], "package.json"));
const state = {};

const calls = {
  /** `path`: dimension³ samples in single precision, x slowest. */
  load_grid({ path, dimension }) {
    const bytes = readFileSync(path);
    state.grid = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    state.dimension = dimension;
    return {};
  },

  /** The surface of the grid alone; its vertices are not shared, so only the triangles can be compared. */
  isosurface() {
    const { marchingCubes } = require("isosurface");
    const { grid, dimension: n } = state;
    const mesh = marchingCubes([n, n, n], (x, y, z) => grid[(x * n + y) * n + z]);
    return { vertices: mesh.positions.length, triangles: mesh.cells.length };
  },

  load_frames({ path, width, height, folder }) {
    const rgb = readFileSync(path);
    const pixels = width * height;
    state.frames = Array.from({ length: rgb.length / (3 * pixels) }, (_, frame) => {
      const rgba = new Uint8Array(4 * pixels).fill(255);
      for (let i = 0; i < pixels; i++)
        rgba.set(rgb.subarray(3 * (frame * pixels + i), 3 * (frame * pixels + i) + 3), 4 * i);
      return rgba;
    });
    Object.assign(state, { width, height, folder });
    return { frames: state.frames.length };
  },

  /** As its own example does it: a palette for each frame, at its default of 5 bits a channel. */
  gifenc({ fps }) {
    const { GIFEncoder, quantize, applyPalette } = require("gifenc");
    const { frames, width, height, folder } = state;
    const gif = GIFEncoder();
    for (const rgba of frames) {
      const palette = quantize(rgba, 256);
      gif.writeFrame(applyPalette(rgba, palette), width, height, { palette, delay: 1000 / fps });
    }
    gif.finish();
    const path = join(folder, "gifenc.gif");
    writeFileSync(path, gif.bytes());
    return { path, bytes: statSync(path).size };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, arguments: given = {}, repeats = 1 } = JSON.parse(line);
  let answer;
  try {
    const cpu = process.cpuUsage();
    const start = performance.now();
    let result;
    for (let left = repeats - 1; left >= 0; left--) result = calls[call]({ ...given, turn: left });
    const seconds = (performance.now() - start) / 1000 / repeats;
    const { user, system } = process.cpuUsage(cpu);
    answer = { seconds, cpuSeconds: (user + system) / 1e6 / repeats, result };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
