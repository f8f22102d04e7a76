/** Two lanes beside one: the project against itself, and the same bytes from both. */
import { availableParallelism } from "node:os";
import { runVolumark } from "../program.mjs";
import { spread } from "../spread.mjs";

export const name = "lanes";

export async function run(comparison) {
  const { quick } = comparison;
  const jobs = quick
    ? [["6 frames", ["--frames", "6"]]]
    : [
        ["30 frames, dimension 32", []],
        ["300 frames, dimension 32", ["--frames", "300"]],
        ["120 frames, dimension 128", ["--frames", "120", "--dimension", "128"]],
      ];
  if (availableParallelism() < 2) return comparison.skip("two lanes / one", "one processor");
  for (const [label, words] of jobs) {
    await comparison.part(`two lanes / one, ${label}`, () => compareLanes(comparison, label, words));
  }
}

async function compareLanes(comparison, label, words) {
  const ratios = { total: [], process: [] };
  const hashes = new Set();
  for (let pair = 0; pair < (comparison.quick ? 1 : 7); pair++) {
    const made = {};
    for (const lanes of pair % 2 === 0 ? [1, 2] : [2, 1]) {
      made[lanes] = await runVolumark(comparison.temporary, [...words, "--lanes", String(lanes)]);
      hashes.add(made[lanes].gifHash);
    }
    const total = ({ record }) => record.benchmark_data.performance_metrics.total_time;
    ratios.total.push(total(made[1]) / total(made[2]));
    ratios.process.push(made[1].seconds / made[2].seconds);
  }
  if (hashes.size !== 1) return comparison.fail(`two lanes / one, ${label}`, "not the same bytes");
  const kinds = { total: ["first frame to last byte", { atLeast: 1.85 }], process: ["whole process", null] };
  for (const [kind, [span, goal]] of Object.entries(kinds)) {
    const { median: value, p25, p75 } = spread(ratios[kind]);
    const what = `two lanes / one, ${label}, ${span}`;
    comparison.add({ what, value, p25, p75, unit: "×", goal, samples: { ratios: ratios[kind] } });
  }
}
