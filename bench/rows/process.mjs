/** The default job, from nothing to its files, beside the pipeline of Python parts; and one pass of it when all is warm. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { NotAlike, peerSide } from "../alternate.mjs";
import { runNothing, runProcess, runVolumark } from "../program.mjs";
import { engine } from "../rooms.mjs";
import { spread } from "../spread.mjs";

export const name = "process";

const FRAMES = 30;

export async function run(comparison) {
  await cold(comparison);
  await steady(comparison);
  await start(comparison);
}

async function cold(comparison) {
  const { temporary, quick } = comparison;
  await comparison.compare({
    what: "default job, process from nothing / Python pipeline, cold",
    goal: { atLeast: 40 },
    pairs: { least: 3, most: 5, seconds: 30, cold: true },
    project: () => async () => ({ seconds: (await runVolumark(temporary, [])).seconds, result: {} }),
    peer: () => {
      const script = comparison.scriptPath("pipeline.py");
      return async () => {
        // An empty folder for what Warp compiles: that is what a first run on a machine finds. A quick pass keeps its own.
        const kernels = mkdtempSync(join(temporary, "warp-"));
        const env = comparison.environment(quick ? {} : { WARP_CACHE_PATH: kernels });
        try {
          const seconds = await runProcess(comparison.peers.python, [script, join(temporary, "pipeline.gif")], { env });
          return { seconds, result: {} };
        } finally {
          rmSync(kernels, { recursive: true, force: true });
        }
      };
    },
    alike: () => {},
  });
}

async function steady(comparison) {
  const { temporary, quick } = comparison;
  const frames = quick ? 4 : FRAMES;
  const kernels = new engine.Kernels();
  const oneLane = async () => {
    const begin = process.hrtime.bigint();
    const animation = engine.createAnimation({ scene: "seed", frames }, { kernels });
    let last = null;
    const parts = [animation.header];
    for await (const frame of animation) {
      parts.push(frame.bytes);
      last = frame.counts;
    }
    Buffer.concat(parts);
    return { seconds: Number(process.hrtime.bigint() - begin) / 1e9, result: last };
  };
  const several = (pass) => async (repeats) => {
    let seconds = 0;
    let result = null;
    for (let i = 0; i < repeats; i++) {
      const answer = await pass();
      seconds += answer.seconds;
      result = answer.result;
    }
    return { seconds: seconds / repeats, result };
  };
  const python = () => {
    const conversation = comparison.python("pipeline", {}, ["--serve"]);
    return peerSide(conversation, "pass", () => ({ path: join(temporary, "steady.gif"), frames }));
  };
  const pairs = { least: 5, most: 9, seconds: 15 };
  await comparison.compare({
    what: "a steady pass, one lane / Python pipeline",
    project: () => several(oneLane),
    peer: python,
    pairs,
  });
  // Frames 30 to 239 of a run with a lane for each processor, brought to the length of a pass.
  const skipped = quick ? 2 : 30;
  const all = quick ? 6 : 240;
  const everyLane = async () => {
    const { record } = await runVolumark(temporary, ["--frames", String(all)]);
    const { startNs, wallNs } = record.run.frames;
    const end = Math.max(...startNs.map((begin, i) => begin + wallNs[i]));
    const seconds = (end - startNs[skipped]) / 1e9 / (all - skipped);
    return { seconds: seconds * frames, result: {} };
  };
  await comparison.compare({
    what: "a steady pass, a lane for each processor / Python pipeline",
    goal: { atLeast: 25 },
    project: () => everyLane,
    peer: python,
    pairs: { ...pairs, cold: true },
    alike: () => {},
  });
}

async function start(comparison) {
  const { temporary, quick } = comparison;
  await comparison.part("start-up", async () => {
    const seconds = { nothing: [], run: [] };
    const startUp = [];
    for (let turn = 0; turn < (quick ? 1 : 9); turn++) {
      seconds.nothing.push(await runNothing());
      const made = await runVolumark(temporary, []);
      if (made.record.frame_count !== FRAMES)
        throw new NotAlike(`${made.record.frame_count} frames instead of ${FRAMES}`);
      seconds.run.push(made.seconds);
      startUp.push(made.record.run.overheads.startUpNs / 1e9);
    }
    const above = seconds.run.map((value, i) => 1000 * (value - seconds.nothing[i]));
    const { median, p25, p75 } = spread(above);
    const ms = (values) => `${(1000 * spread(values).median).toFixed(0)} ms`;
    comparison.add({
      what: "default job, above node -e 0",
      project: ms(seconds.run),
      peer: `${ms(seconds.nothing)} (node)`,
      value: median,
      p25,
      p75,
      unit: "ms",
      goal: null,
      samples: { ...seconds, startUp },
    });
  });
}
