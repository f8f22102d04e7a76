/** What measuring costs, and what no stage accounts for: shares of a run, as its own record tells them. */
import { instrumentShares, runVolumark } from "../program.mjs";
import { spread } from "../spread.mjs";

export const name = "instruments";

const GOALS = { instruments: 0.5, unaccounted: 1 };

export async function run(comparison) {
  const { quick, temporary } = comparison;
  const jobs = quick ? { "4 frames": ["--frames", "4"] } : { "default job": [], "600 frames": ["--frames", "600"] };
  for (const [label, words] of Object.entries(jobs)) {
    await comparison.part(`instruments, ${label}`, async () => {
      const shares = [];
      for (let turn = 0; turn < (quick ? 1 : 7); turn++)
        shares.push(instrumentShares(await runVolumark(temporary, words)));
      for (const [part, atMost] of Object.entries(GOALS)) {
        const { median: value, p25, p75 } = spread(shares.map((share) => 100 * share[part]));
        const what = `${part}, share of the run, ${label}`;
        comparison.add({ what, value, p25, p75, unit: "%", goal: { atMost }, samples: { shares } });
      }
    });
  }
}
