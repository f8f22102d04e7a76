/**
 * Makes the example records of this version: `node tests/records/make.mjs NAME` writes them into tests/records/NAME.
 *
 * Run it once before a release and never again for that version: `tests/old-records.test.ts` shows that every later version
 * reads them. Small animations, so that they can be kept; made by the built program as a person would.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const name = process.argv[2];
if (!name) throw new Error("make records: the name of the version is missing. Give it as the only argument.");
const here = fileURLToPath(new URL(".", import.meta.url));
const program = fileURLToPath(new URL("../../packages/volumark/bin/volumark.mjs", import.meta.url));
const folder = join(here, name);
mkdirSync(folder, { recursive: true });

const SMALL = ["--dimension", "12", "--resolution", "32x24", "--frames", "3", "--fps", "3", "--quiet", "--no-store"];
const KINDS = {
  once: { words: ["run", ...SMALL] },
  passes: { words: ["run", ...SMALL, "--passes", "6"] },
  failed: { words: ["run", ...SMALL], fault: "surface@1", code: 1 },
  gyroid: { words: ["run", ...SMALL, "--preset", "gyroid", "--verify"] },
};
for (const [kind, { words, fault = "", code = 0 }] of Object.entries(KINDS)) {
  const env = { ...process.env, VOLUMARK_FAULT: fault };
  const options = { cwd: folder, env, encoding: "utf8" };
  const { status, stderr } = spawnSync(process.execPath, [program, ...words, "--out", `${kind}.gif`], options);
  if (status !== code) throw new Error(`make records: ${kind} ended with ${status} instead of ${code}: ${stderr}`);
}
for (const kind of Object.keys(KINDS)) rmSync(join(folder, `${kind}.gif`));
// As another program of this kind writes it: the fixed keys alone.
const { run: _, schema: __, ...foreign } = JSON.parse(readFileSync(join(folder, "once.json"), "utf8"));
foreign.benchmark_data.system_info.gpu = { name: "NVIDIA T4", memory_total: 15360, memory_used: 3, utilization: 0 };
writeFileSync(join(folder, "foreign.json"), `${JSON.stringify(foreign)}\n`);
