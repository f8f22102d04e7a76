#!/usr/bin/env node
/**
 * A worker of somebody else's queue: takes job files out of one folder, has `volumark run` make each, and stores what comes out
 * in another. It needs no library: the process, its exit code and one line of its standard output are the whole interface.
 *
 *     node examples/host.mjs JOBS RESULTS        a job is a file such as {"preset": "gyroid", "frames": "12"}
 */
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../packages/volumark/bin/volumark.mjs", import.meta.url));
const [jobs, results] = process.argv.slice(2).map((path) => resolve(path));
if (results === undefined) {
  console.error("Give two folders: node examples/host.mjs JOBS RESULTS");
  process.exit(2);
}
await mkdir(results, { recursive: true });
for (const name of (await readdir(jobs)).filter((one) => one.endsWith(".json")).sort()) {
  const id = name.slice(0, -".json".length);
  const options = JSON.parse(await readFile(join(jobs, name), "utf8"));
  const words = Object.entries(options).map(([option, value]) => `--${option}=${value}`);
  const { code, record, said } = await make([...words, `--out=${join(results, `${id}.gif`)}`]);
  // A run that failed prints its line, too: with `error`, and with the frames that were finished.
  const state = code === 0 ? "done" : code === 2 ? "refused" : "failed";
  const result = { id, state, code, frames: record?.frame_count ?? 0, gif: record?.gif_filename ?? null, said };
  await writeFile(join(results, `${id}.result.tmp`), JSON.stringify(result));
  await rename(join(results, `${id}.result.tmp`), join(results, `${id}.result`));
  console.log(`${id}: ${state}, ${result.frames} frames`);
}

/** One run; what people read (standard error) is kept, and shown where it went wrong. */
async function make(words) {
  const child = spawn(process.execPath, [PROGRAM, "run", "--gif-output", "--quiet", "--no-store", ...words]);
  let [line, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (line += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const code = await new Promise((end) => child.on("close", end));
  // Other lines may come before it, so the last one counts.
  const [, json] = /^GIF_OUTPUT:(.*)$/m.exec(line) ?? [];
  return { code, record: json === undefined ? null : JSON.parse(json), said: said.trim() };
}
