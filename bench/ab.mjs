/**
 * Whether comparisons can be believed: `npm run bench:ab`.
 *
 * A/A holds a run against itself, again and again: where nothing differs, faster or slower may be claimed in one of 20. A/B
 * drags one stage of b by a known share, in busy work with the same bytes: 5 % has to be found, 0.5 % lies below what counts and
 * must not be claimed. Every comparison is a process of its own, as a person would start it.
 */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { formatShare, table } from "../packages/measure/dist/index.js";
import { describeMachine, loadText, otherLoad, root } from "./machine.mjs";
import { readOptions, refuse } from "./options.mjs";

const HELP = `node bench/ab.mjs [options]

  --same <n>     comparisons of a run with itself (default: 40)
  --slowed <n>   comparisons with a slowed stage, for each share (default: 10)
  --passes <n>   passes of each run (default: 20)
  --stage <name> the stage that is slowed: field, surface, picture, convert, encode (default: picture)
  --quick        one of each with few passes, to see that it works; its figures mean nothing
  --json <file>  the same and every comparison as JSON`;

const MAIN = join(root, "packages/volumark/bin/volumark.mjs");
const SETTINGS = ["--lanes", "1", "--dimension", "64", "--resolution", "256x192", "--frames", "10"];
const SHARES = [5, 0.5];
const MOST_CLAIMED = 0.05;

const text = { type: "string" };
const options = readOptions({ same: text, slowed: text, passes: text, stage: { ...text, default: "picture" } }, HELP);
const { quick, stage } = options;
const count = (name, usual, few) => {
  const given = options[name] ?? String(quick ? few : usual);
  if (!/^[1-9]\d{0,2}$/.test(given)) refuse(`--${name} must be a whole number from 1 to 999, got ${given}`);
  return Number(given);
};
const same = count("same", 40, 1);
const slowed = count("slowed", 10, 1);
const passes = count("passes", 20, 6);
if (!["field", "surface", "picture", "convert", "encode"].includes(stage))
  refuse(`--stage: there is no stage ${stage}`);

const about = await describeMachine();
const series = [];
for (const [share, times] of [[0, same], ...SHARES.map((share) => [share, slowed])]) {
  const name = share === 0 ? "A/A" : `A/B, ${stage} ${share} % slower`;
  const comparisons = [];
  for (let i = 0; i < times; i++) {
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${i + 1} of ${times}\x1b[K`);
    comparisons.push(await compare(share));
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  series.push({ name, share, comparisons });
}
about.load.push(await otherLoad());
report();

/** One comparison; `share` in percent is what b's stage is dragged by. */
async function compare(share) {
  const { VOLUMARK_FAULT: _, ...rest } = process.env;
  const env = share > 0 ? { ...rest, VOLUMARK_FAULT: `drag-${stage}@${share}` } : rest;
  const words = [
    "compare",
    "--b",
    "",
    ...SETTINGS,
    "--passes",
    String(passes),
    "--format",
    "json",
    "--quiet",
    "--no-store",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...words], { env, maxBuffer: 1 << 28 });
  const { comparison } = JSON.parse(stdout);
  if (comparison.sameWork !== "same") throw new Error(`the work of both is ${comparison.sameWork}, not the same`);
  const rows = [comparison.total, ...comparison.stages];
  return rows.map(({ name, change, low, high, band, verdict }) => ({
    name,
    change,
    low,
    high,
    band,
    verdict: verdict.kind,
  }));
}

function report() {
  const claims = ({ verdict }) => verdict === "slower" || verdict === "faster";
  const rows = series.map(({ name, share, comparisons }) => {
    const of = (test) => `${comparisons.filter(test).length} of ${comparisons.length}`;
    const dragged = comparisons.map((found) => found.find((row) => row.name === stage));
    const changes = dragged.map(({ change }) => change).sort((a, b) => a - b);
    return [
      name,
      of((found) => found.some(claims)),
      share === 0 ? "-" : `${dragged.filter(({ verdict }) => verdict === "slower").length} of ${comparisons.length}`,
      of((found) => found.some((row) => row.name !== stage && row.name !== "total" && claims(row))),
      `${formatShare(changes[0])} to ${formatShare(changes.at(-1))}`,
      `±${formatShare(Math.max(...dragged.map(({ band }) => band)))}`,
    ];
  });
  const right = { align: "right" };
  const columns = [
    { title: "" },
    { title: "faster or slower", ...right },
    { title: `${stage} slower`, ...right },
    { title: "another stage", ...right },
    { title: `change of ${stage}`, ...right },
    { title: "widest band", ...right },
  ];
  const lines = [`${passes} passes of each, ${SETTINGS.join(" ")}`, "", ...table(columns, rows), ""];
  const claimed = series[0].comparisons.filter((found) => found.some(claims)).length;
  const most = Math.floor(same * MOST_CLAIMED);
  lines.push(
    `A/A: ${claimed} of ${same} claim a difference that there is not; expected at most ${most}: ${claimed <= most ? "held" : "MISSED"}`,
    loadText(about.load, about.machine.processors),
  );
  if (quick) lines.push("A quick pass: the figures mean nothing.");
  process.stdout.write(`${lines.join("\n")}\n`);
  if (options.json)
    writeFileSync(
      options.json,
      `${JSON.stringify({ schema: "volumark.ab/1", quick, ...about, passes, stage, series }, null, 1)}\n`,
    );
}
