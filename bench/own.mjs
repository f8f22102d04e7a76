/**
 * What each stage costs, dimension by dimension, and the whole program: `npm run bench`.
 *
 * Frames of an animation, as an animation makes them, the dimensions taking turns, so that a slow minute hits all of them.
 * Nothing is judged here: it prints, and writes JSON beside it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
  table,
} from "../packages/measure/dist/index.js";
import { describeMachine, loadText, otherLoad } from "./machine.mjs";
import { readOptions, refuse } from "./options.mjs";
import { instrumentShares, runNothing, runVolumark } from "./program.mjs";
import { engine, FrameRooms } from "./rooms.mjs";
import { median, spread } from "./spread.mjs";

const HELP = `node bench/own.mjs [options]

  --dimensions <n,n,…>  samples along each axis (default: 32,64,128,256,512,1024)
  --preset <name>       the scene (default: seed)
  --quick               one small pass, to see that it works; its figures mean nothing
  --json <file>         the same and every sample as JSON`;

/** The units of work of each stage. */
const UNITS = {
  field: { samples: "sample" },
  "surface, no normals": { activeCells: "active cell", triangles: "triangle" },
  surface: { activeCells: "active cell", triangles: "triangle" },
  picture: { shadedPixels: "shaded pixel", triangles: "triangle" },
  convert: { pixels: "pixel" },
  encode: { gifBytes: "GIF byte" },
};
/** Frames before the first that counts: the compilers of the engine's host have then done their work. */
const WARM_UP = { least: 4, ms: 500 };
/** A visit to a dimension lasts this long, in frames or in milliseconds; its first frame, with cold caches, does not count. */
const VISIT = { most: 12, ms: 60 };

const options = readOptions({ dimensions: { type: "string" }, preset: { type: "string", default: "seed" } }, HELP);
const { quick } = options;
const dimensions = (options.dimensions ?? (quick ? "32,64" : "32,64,128,256,512,1024")).split(",").map(Number);
if (!dimensions.every((n) => Number.isInteger(n) && n >= 4 && n <= 2048)) {
  refuse(`--dimensions must be whole numbers from 4 to 2048, got ${options.dimensions}`);
}
if (!engine.presetNames().includes(options.preset)) {
  refuse(`--preset must be one of ${engine.presetNames().join(", ")}, got ${options.preset}`);
}
const scene = engine.preset(options.preset);
const about = await describeMachine();
const temporary = mkdtempSync(join(os.tmpdir(), "volumark-bench-"));
try {
  const stages = measureStages();
  about.load.push(await otherLoad());
  say("");
  const program = await measureProgram();
  about.load.push(await otherLoad());
  say(loadText(about.load, about.machine.processors));
  if (quick) say("A quick pass: the figures mean nothing.");
  if (options.json) {
    writeFileSync(
      options.json,
      `${JSON.stringify({ schema: "volumark.bench/1", quick, ...about, scene: scene.name, stages, program }, null, 1)}\n`,
    );
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function measureStages() {
  const rooms = dimensions.map((dimension) => ({
    dimension,
    made: new FrameRooms(scene, dimension),
    next: 0,
    frames: [],
  }));
  for (const room of rooms) {
    const start = performance.now();
    const enough = (done) => (quick ? done >= 1 : done >= WARM_UP.least && performance.now() - start >= WARM_UP.ms);
    for (let done = 0; !enough(done); done++) room.made.frame(room.next++);
  }
  for (let visit = 0; visit < (quick ? 1 : 12); visit++) for (const room of rooms) visitDimension(room);
  const results = rooms.map(({ dimension, made, frames }) => describeDimension(dimension, made, frames));
  say(`${scene.name}, 512x384, ${machineText()}\n`);
  for (const result of results) sayDimension(result);
  sayGrowth(results);
  return results;
}

function visitDimension(room) {
  const start = performance.now();
  let done = 0;
  do {
    const frame = room.made.frame(room.next++);
    if (done > 0) room.frames.push(frame);
    done++;
  } while (done < 2 || (!quick && done < VISIT.most && performance.now() - start < VISIT.ms));
}

function describeDimension(dimension, made, frames) {
  const counts = {};
  for (const name of Object.keys(frames[0].counts)) counts[name] = median(frames.map((frame) => frame.counts[name]));
  const times = {};
  for (const [stage, units] of Object.entries(UNITS)) {
    const perUnit = {};
    for (const unit of Object.keys(units)) perUnit[unit] = median(frames.map((f) => f.ns[stage] / f.counts[unit]));
    const samples = frames.map((frame) => frame.ns[stage]);
    times[stage] = { ...spread(samples), nsPerUnit: perUnit, samples };
  }
  return { dimension, frames: frames.length, counts, peakBytes: made.kernels.arena.peakBytes, ns: times };
}

function sayDimension({ dimension, frames, counts, peakBytes, ns }) {
  const { samples, bricks, vertices, triangles } = counts;
  say(
    `dimension ${dimension}: ${frames} frames; ${formatCount(bricks)} bricks, ${formatCount(samples)} samples, ` +
      `${formatCount(vertices)} vertices, ${formatCount(triangles)} triangles; ${formatBytes(peakBytes)} of kernel memory`,
  );
  const right = (title) => ({ title, align: "right" });
  const rows = Object.entries(ns).map(([stage, time]) => [
    stage,
    formatDuration(time.median),
    `${formatDuration(time.p25)} to ${formatDuration(time.p75)}`,
    formatDuration(time.least),
    Object.entries(UNITS[stage])
      .map(([unit, name]) => `${formatNumber(time.nsPerUnit[unit])} ns/${name}`)
      .join(", "),
  ]);
  const columns = [
    { title: "stage" },
    right("median"),
    right("middle half"),
    right("least"),
    { title: "per unit of work" },
  ];
  say(`${table(columns, rows).join("\n")}\n`);
}

/** Exponents between neighbouring dimensions: 2 is the surface, 3 the volume. */
function sayGrowth(results) {
  if (results.length < 2) return;
  const pairs = results.slice(1).map((large, i) => ({ small: results[i], large }));
  const exponent =
    (of) =>
    ({ small, large }) =>
      Math.log(of(large) / of(small)) / Math.log(large.dimension / small.dimension);
  const lines = {
    "field + surface": (result) => result.ns.field.median + result.ns.surface.median,
    field: (result) => result.ns.field.median,
    surface: (result) => result.ns.surface.median,
    picture: (result) => result.ns.picture.median,
    "kernel memory": (result) => result.peakBytes,
  };
  const columns = [{ title: "growth: exponent" }].concat(
    pairs.map(({ small, large }) => ({ title: `${small.dimension} to ${large.dimension}`, align: "right" })),
  );
  const rows = Object.entries(lines).map(([name, of]) => [name, ...pairs.map((pair) => exponent(of)(pair).toFixed(2))]);
  say(table(columns, rows).join("\n"));
}

async function measureProgram() {
  const words = ["--preset", scene.name, ...(quick ? ["--frames", "4", "--resolution", "128x96"] : [])];
  const longer = ["--preset", scene.name, "--frames", quick ? "6" : "240", "--dimension", quick ? "32" : "128"];
  const seconds = { nothing: [], run: [], oneLane: [], twoLanes: [] };
  const totals = { oneLane: [], twoLanes: [] };
  const shares = [];
  const hashes = new Set();
  for (let turn = 0; turn < (quick ? 1 : 9); turn++) {
    seconds.nothing.push(await runNothing());
    const run = await runVolumark(temporary, words);
    seconds.run.push(run.seconds);
    if (turn % 3 !== 0) continue;
    for (const [name, lanes] of [
      ["oneLane", "1"],
      ["twoLanes", "2"],
    ]) {
      const made = await runVolumark(temporary, [...longer, "--lanes", lanes]);
      seconds[name].push(made.seconds);
      totals[name].push(made.record.benchmark_data.performance_metrics.total_time);
      hashes.add(made.gifHash);
      shares.push(instrumentShares(made));
    }
  }
  const text = (values) => {
    const { median, p25, p75 } = spread(values);
    return `${formatDuration(median * 1e9)} (${formatDuration(p25 * 1e9)} to ${formatDuration(p75 * 1e9)})`;
  };
  const share = (name) => median(shares.map((each) => each[name]));
  const above = seconds.run.map((value, i) => value - seconds.nothing[i]);
  const ratio = totals.oneLane.map((value, i) => value / totals.twoLanes[i]);
  say(`node -e 0                    ${text(seconds.nothing)}`);
  say(`volumark ${["run", ...words].join(" ")}   ${text(seconds.run)}; above node -e 0: ${text(above)}`);
  say(
    `${longer.slice(2).join(" ")}   one lane ${text(totals.oneLane)}, two lanes ${text(totals.twoLanes)}, ` +
      `${spread(ratio).median.toFixed(2)} ×; ${hashes.size === 1 ? "the same bytes" : "NOT THE SAME BYTES"}`,
  );
  say(
    `instruments ${formatShare(share("instruments"))} (hash ${formatShare(share("hash"))}, sampler ${formatShare(share("sampler"))}), ` +
      `unaccounted ${formatShare(share("unaccounted"))}`,
  );
  if (hashes.size !== 1) process.exitCode = 1;
  return { seconds, totals, shares, sameBytes: hashes.size === 1 };
}

function machineText() {
  const { machine, versions } = about;
  return `${machine.processors} × ${machine.processor}, node ${versions.node}, commit ${versions.commit}, ${about.date}`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
