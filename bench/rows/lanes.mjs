/**
 * Two lanes beside one: the project against itself, and the same bytes from both.
 *
 * A steady pass is what lanes gain; a run from the start also has what is done once, on one thread, before and after the
 * frames. Two processes at once, each of one lane, show what this machine gives at most: where processors share a core, its
 * caches or its memory, that is less than twice.
 */
import { availableParallelism } from "node:os";
import { runVolumark } from "../program.mjs";
import { spread } from "../spread.mjs";

export const name = "lanes";

const GOAL = { atLeast: 1.85 };

export async function run(comparison) {
  const { quick } = comparison;
  if (availableParallelism() < 2) return comparison.skip("two lanes / one", "one processor");
  const steady = quick
    ? [["6 frames", ["--frames", "6", "--passes", "5"]]]
    : [
        ["30 frames, dimension 32", ["--passes", "24"]],
        ["30 frames, dimension 128", ["--dimension", "128", "--passes", "12"]],
      ];
  for (const [label, words] of steady) {
    await comparison.part(`two lanes / one, a steady pass of ${label}`, () => compareSteady(comparison, label, words));
  }
  const whole = quick
    ? [["6 frames", ["--frames", "6"]]]
    : [
        ["30 frames, dimension 32", []],
        ["300 frames, dimension 32", ["--frames", "300"]],
        ["120 frames, dimension 128", ["--frames", "120", "--dimension", "128"]],
      ];
  for (const [label, words] of whole) {
    await comparison.part(`two lanes / one, ${label}`, () => compareWhole(comparison, label, words));
  }
}

async function compareSteady(comparison, label, words) {
  const ratios = await pairs(comparison, words, {
    steady: (one, two) => steadyNs(one.record) / steadyNs(two.record),
  });
  if (!ratios) return comparison.fail(`two lanes / one, a steady pass of ${label}`, "not the same bytes");
  add(comparison, `two lanes / one, a steady pass of ${label}`, ratios.steady, GOAL);
  const ceiling = [];
  for (let turn = 0; turn < (comparison.quick ? 1 : 5); turn++) {
    const one = await runVolumark(comparison.temporary, [...words, "--lanes", "1"]);
    const both = await Promise.all([1, 2].map(() => runVolumark(comparison.temporary, [...words, "--lanes", "1"])));
    ceiling.push((2 * steadyNs(one.record)) / Math.max(...both.map(({ record }) => steadyNs(record))));
  }
  add(comparison, `two processes at once / one, a steady pass of ${label}: what the machine gives`, ceiling, null);
}

async function compareWhole(comparison, label, words) {
  const total = ({ record }) => record.benchmark_data.performance_metrics.total_time;
  const ratios = await pairs(comparison, words, {
    total: (one, two) => total(one) / total(two),
    process: (one, two) => one.seconds / two.seconds,
  });
  if (!ratios) return comparison.fail(`two lanes / one, ${label}`, "not the same bytes");
  add(comparison, `two lanes / one, ${label} from the start, first frame to last byte`, ratios.total, null);
  add(comparison, `two lanes / one, ${label} from the start, whole process`, ratios.process, null);
}

/** One lane and two in turn; the named ratios of each pair, or null where the bytes differ. */
async function pairs({ quick, temporary }, words, kinds) {
  const ratios = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  const hashes = new Set();
  for (let pair = 0; pair < (quick ? 1 : 7); pair++) {
    const made = {};
    for (const lanes of pair % 2 === 0 ? [1, 2] : [2, 1]) {
      made[lanes] = await runVolumark(temporary, [...words, "--lanes", String(lanes)]);
      hashes.add(made[lanes].gifHash);
    }
    for (const [kind, ratio] of Object.entries(kinds)) ratios[kind].push(ratio(made[1], made[2]));
  }
  return hashes.size === 1 ? ratios : null;
}

/** Median of the passes after the warm-up. */
function steadyNs({ run }) {
  return spread(run.passes.filter(({ warmUp }) => !warmUp).map(({ totalNs }) => totalNs)).median;
}

function add(comparison, what, ratios, goal) {
  const { median: value, p25, p75 } = spread(ratios);
  comparison.add({ what, value, p25, p75, unit: "×", goal, samples: { ratios } });
}
