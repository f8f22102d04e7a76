/** Long animations: memory that does not grow with the frames, and bytes that leave before the last frame is drawn. */
import { formatBytes } from "../../packages/measure/dist/index.js";
import { runVolumark } from "../program.mjs";

export const name = "long";

/** More memory than this, beside the short animation's, is not flat. */
const FLAT = 1.1;

export async function run(comparison) {
  const [few, many] = comparison.quick ? [10, 40] : [100, 3000];
  await comparison.part(`long animations, ${many} frames`, () => compareLengths(comparison, few, many));
}

async function compareLengths(comparison, few, many) {
  const watch = (frames) => runVolumark(comparison.temporary, ["--frames", String(frames)], { watched: true });
  const short = await watch(few);
  const whole = await watch(many);
  if (short.peakBytes === null || whole.peakBytes === null) {
    comparison.skip(
      "peak memory of long animations",
      "this system does not tell the peak memory of a process in /proc",
    );
  } else {
    comparison.add({
      what: `peak memory, ${many} frames / ${few}`,
      project: `${formatBytes(whole.peakBytes)} / ${formatBytes(short.peakBytes)}`,
      value: whole.peakBytes / short.peakBytes,
      unit: "×",
      goal: { atMost: FLAT },
    });
  }
  comparison.add({
    what: `bytes of the GIF first on the disk, ${many} frames`,
    value: 100 * (whole.leftEarly ?? 1),
    unit: "% of the run",
    goal: { atMost: 50 },
  });
}
