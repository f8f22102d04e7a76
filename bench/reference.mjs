/**
 * Measures the members of the suites on this machine and writes them as the reference, which has the score 1 000:
 * `node bench/reference.mjs`. For a quiet machine; run it when members are added, and never for old ones.
 */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measuredRun } from "@volumark/measure";
import { SUITES } from "../packages/volumark/dist/cli/suite-members.js";
import { root } from "./machine.mjs";
import { refuse } from "./options.mjs";
import { runVolumark } from "./program.mjs";

const seconds = process.argv[2] ?? "20";
if (!/^\d+$/.test(seconds)) refuse("The seconds for each member must be a whole number, 20 if left out.");
const members = {};
let machine = "";
for (const { name, preset, dimension } of SUITES.full.members) {
  const words = ["--preset", preset, "--dimension", String(dimension), "--max-seconds", seconds, "--no-store"];
  const { record } = await runVolumark(tmpdir(), words, { command: "bench" });
  const { settingsHash, canaryNs, times } = measuredRun(record);
  const ns = Object.fromEntries(Object.entries(times).map(([stage, time]) => [stage, Math.round(time.ns)]));
  members[name] = { settingsHash, canaryNs: Math.round(canaryNs), ns };
  const { cpu, platform } = record.benchmark_data.system_info;
  machine = `${cpu.name}, ${record.run.lanes} lanes on ${cpu.threads} threads, ${platform.system}, ${platform.runtime} ${platform.runtime_version}, ${record.run.startedAt.slice(0, 10)}`;
  process.stdout.write(
    `${name}: ${(times.total.ns / 1e6).toFixed(1)} ms a pass${times.total.reached ? "" : `, ${times.total.reason}`}\n`,
  );
}
const lines = Object.entries(members).map(([name, run]) => {
  const ns = Object.entries(run.ns)
    .map(([stage, value]) => `${stage}: ${value}`)
    .join(", ");
  return `    "${name}": {\n      settingsHash: "${run.settingsHash}",\n      canaryNs: ${run.canaryNs},\n      ns: { ${ns} },\n    },`;
});
writeFileSync(
  join(root, "packages/volumark/src/cli/suite-reference.ts"),
  `/** What the members of the suites took on the reference machine. Made by \`bench/reference.mjs\`; not written by hand. */
import type { ReferenceRun } from "@volumark/measure";

export const REFERENCE: {
  readonly machine: string;
  readonly members: Readonly<Record<string, ReferenceRun>>;
} = {
  machine: "${machine}",
  members: {
${lines.join("\n")}
  },
};
`,
);
