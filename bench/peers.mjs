/**
 * The project beside what others offer for the same work, in one run on one machine: `npm run bench:peers`.
 *
 * Project and peer take turns, call by call, and every ratio is that of a pair; the same work is asked of both and checked
 * before a time counts. Ends with 1 when a peer failed or did other work, never because of a time.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { formatNumber, table } from "../packages/measure/dist/index.js";
import { Comparison } from "./comparison.mjs";
import { describeMachine, loadText, otherLoad } from "./machine.mjs";
import { readOptions, refuse } from "./options.mjs";
import { installPeers } from "./peers/install.mjs";
import * as dense from "./rows/dense.mjs";
import * as fieldSurface from "./rows/field-surface.mjs";
import * as gif from "./rows/gif.mjs";
import * as growth from "./rows/growth.mjs";
import * as instruments from "./rows/instruments.mjs";
import * as lanes from "./rows/lanes.mjs";
import * as long from "./rows/long.mjs";
import * as picture from "./rows/picture.mjs";
import * as wholeProcess from "./rows/process.mjs";

/** In the order of the table; a row is a module with a `name` and `run(comparison)`. */
const ROWS = [fieldSurface, dense, growth, picture, gif, wholeProcess, lanes, instruments, long];
const NAMES = ROWS.map((row) => row.name);

const HELP = `node bench/peers.mjs [options]

  --only <name,name,…>  these rows only: ${NAMES.join(", ")}
  --quick               one small pass of each, to see that it works; its figures mean nothing
  --build               builds fidget in a quick pass too, which takes minutes once
  --json <file>         the same and every sample as JSON

The peers are installed into .cache/peers, or where PEERS_HOME says.`;

const options = readOptions({ only: { type: "string" }, build: { type: "boolean", default: false } }, HELP);
const only = options.only?.split(",") ?? NAMES;
for (const name of only) if (!NAMES.includes(name)) refuse(`--only must name rows of ${NAMES.join(", ")}, got ${name}`);

const progress = (line) => process.stderr.write(`${line}\n`);
const peers = installPeers(progress, { build: options.build || !options.quick });
const about = await describeMachine();
Object.assign(about.versions, peers.versions);
const temporary = mkdtempSync(join(os.tmpdir(), "volumark-peers-"));
const comparison = new Comparison({ peers, quick: options.quick, temporary, say: progress });
try {
  for (const row of ROWS) {
    if (!only.includes(row.name)) continue;
    progress(row.name);
    await row.run(comparison);
    await comparison.close();
    about.load.push(await otherLoad());
  }
} finally {
  await comparison.close();
  rmSync(temporary, { recursive: true, force: true });
}
report();
if (options.json) {
  const { results, skipped, failures } = comparison;
  const content = {
    schema: "volumark.bench-peers/1",
    quick: options.quick,
    ...about,
    missing: peers.missing,
    results,
    skipped,
    failures,
  };
  writeFileSync(options.json, `${JSON.stringify(content, null, 1)}\n`);
}
if (comparison.failures.length > 0) process.exitCode = 1;

function report() {
  const { machine, versions, date, command, load } = about;
  say(`${machine.processors} × ${machine.processor}, ${date}`);
  say(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  );
  say(`${command}\n`);
  const right = (title) => ({ title, align: "right" });
  const columns = [
    { title: "project / peer" },
    right("project"),
    right("peer"),
    right("figure"),
    right("middle half"),
    { title: "goal" },
  ];
  say(table(columns, comparison.results.map(cells)).join("\n"));
  for (const { what, reason } of comparison.skipped) say(`left out: ${what} (${reason})`);
  for (const { what, reason } of comparison.failures) say(`FAILED: ${what}: ${reason}`);
  const { results, skipped, failures } = comparison;
  say(`\n${results.length} figures, ${skipped.length} left out, ${failures.length} failed`);
  say(`A figure in × says how many times as long as the project the peer takes.`);
  say(loadText(load, machine.processors));
  if (options.quick) say("A quick pass: the figures mean nothing, the counts were checked.");
}

function cells({ what, project = "", peer = "", value, p25, p75, unit, goal, reached }) {
  const half = p25 === undefined ? "" : `${formatNumber(p25)} to ${formatNumber(p75)}`;
  const wanted = goal === null ? "" : goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return [
    what,
    project,
    peer,
    `${formatNumber(value)} ${unit}`,
    half,
    options.quick || reached === null ? wanted : `${wanted} ${reached ? "reached" : "missed"}`,
  ];
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
