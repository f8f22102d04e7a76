/** Whole processes: `volumark run` from nothing to its files, and what its record says. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./machine.mjs";

const MAIN = join(root, "packages/volumark/bin/volumark.mjs");
const WATCH_MS = 10;
/** Benchmarked runs are stored as others are, but not among a person's. */
const benchData = join(root, ".cache/bench-data");

/** Runs a program to its end: wall seconds. `watch` is called every 10 ms. Throws with what it wrote to standard error. */
export function runProcess(command, words, { env = { ...process.env, VOLUMARK_DATA: benchData }, watch } = {}) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(command, words, { env, stdio: ["ignore", "ignore", "pipe"] });
    const timer = watch && setInterval(() => watch(child.pid), WATCH_MS);
    let said = "";
    let seconds = 0;
    child.stderr.on("data", (data) => {
      said = (said + data).slice(-4000);
    });
    child.on("error", reject);
    child.on("exit", () => {
      seconds = Number(process.hrtime.bigint() - start) / 1e9;
      clearInterval(timer);
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(seconds);
      else reject(new Error(`${command} ${words.join(" ")} ended with ${code ?? signal}: ${said.trim()}`));
    });
  });
}

/** `node -e 0`: what a process of Node costs before it does anything. */
export function runNothing() {
  return runProcess(process.execPath, ["-e", "0"]);
}

/**
 * `volumark run` (or `bench`) into a fresh folder, which is removed again.
 * `{ seconds, gifHash, gifBytes, record, peakBytes, leftEarly }`; the last two only with `watched`: the most memory the
 * process had (null where the system does not say), and the share of its life at which GIF bytes first lay on the disk.
 */
export async function runVolumark(temporary, words, { watched = false, command = "run" } = {}) {
  const folder = mkdtempSync(join(temporary, "run-"));
  try {
    const seen = { peakBytes: null, firstMs: null };
    const start = performance.now();
    const watch = watched ? (pid) => look(pid, folder, seen, performance.now() - start) : undefined;
    const seconds = await runProcess(process.execPath, [MAIN, command, "--quiet", "--out", folder, ...words], {
      watch,
    });
    const files = readdirSync(folder);
    const named = (ending) => join(folder, files.find((name) => name.endsWith(ending)) ?? `no-file${ending}`);
    const gif = readFileSync(named(".gif"));
    return {
      seconds,
      gifBytes: gif.length,
      gifHash: createHash("sha256").update(gif).digest("hex"),
      record: readRecord(named(".json")),
      peakBytes: seen.peakBytes,
      leftEarly: seen.firstMs === null ? null : seen.firstMs / (seconds * 1000),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shares of a run that went into measuring it and that no stage accounts for, from its record. */
export function instrumentShares({ record }) {
  const { frames, instruments, timer } = record.run;
  const sum = (column) => frames[column].reduce((total, ns) => total + ns, 0);
  const wall = sum("wallNs");
  const run = record.benchmark_data.performance_metrics.total_time * 1e9;
  const hash = sum("instrumentsNs") / wall;
  // The sampler works beside the lanes: its share is of the run, the others' of the frames.
  const sampler = ((instruments.samplerNs ?? 0) + (instruments.timerCalls ?? 0) * (timer.costNs ?? 0)) / run;
  return { instruments: hash + sampler, hash, sampler, unaccounted: sum("unaccountedNs") / wall };
}

/** The record without its copies of the GIF, which are too long for one string when the animation is. */
function readRecord(path) {
  const text = readFileSync(path);
  const marks = ['"gif_bytestream"', '"gif_data"'];
  let parts = text;
  for (const mark of marks) parts = withoutValue(parts, mark);
  return JSON.parse(parts.toString("utf8"));
}

function withoutValue(bytes, key) {
  const at = bytes.indexOf(key);
  if (at < 0) return bytes;
  let from = bytes.indexOf(":", at) + 1;
  while (bytes[from] <= 32) from++;
  const closing = bytes[from] === 91 ? "]" : '"';
  const to = bytes.indexOf(closing, from + 1) + 1;
  return Buffer.concat([bytes.subarray(0, from), Buffer.from("null"), bytes.subarray(to)]);
}

function look(pid, folder, seen, ms) {
  seen.peakBytes = peakOf(pid) ?? seen.peakBytes;
  if (seen.firstMs !== null) return;
  for (const name of readdirSync(folder)) {
    // The temporary name holds the ending of the file that it will become.
    if (name.includes(".json") || sizeOf(join(folder, name)) < 1024) continue;
    seen.firstMs = ms;
  }
}

function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function peakOf(pid) {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line ? Number(line[1]) * 1024 : null;
  } catch {
    // No such system, or the process has just ended: what was seen before stands.
    return null;
  }
}
