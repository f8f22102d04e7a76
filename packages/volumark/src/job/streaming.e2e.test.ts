/**
 * Memory does not grow with the number of frames: the built program as a child, its peak resident memory compared.
 *
 * The young generation of each thread is held at its smallest (`--max-semi-space-size=1`; else it grows to 16 MB a thread
 * in any program that runs for a while), so that what the program holds is compared and not the garbage that may pile up.
 * What is left to grow is compiled code, and a record of some 1.7 kB a frame while it is checked and written: 5 MB for 3 000.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inspectGif } from "@volumark/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { program, start } from "../cli/fixtures/program.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-streaming-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

/**
 * Prints the peak when the program ends. Of Linux's two figures the one that begins anew with the program: that of
 * `resourceUsage` includes the memory of the process that started it.
 */
const PEAK = `import { readFileSync, writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
if (isMainThread) process.on("exit", () => {
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
  writeSync(2, "peak " + (/VmHWM:\\s*(\\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS) + " kB\\n");
});`;
const NODE_OPTIONS = `--max-semi-space-size=1 --import data:text/javascript,${encodeURIComponent(PEAK)}`;

/** Peak resident memory of a run in megabytes, and what it printed. */
async function peak(words: readonly string[]): Promise<{ megabytes: number; stdout: string }> {
  const { code, stdout, stderr } = await program(["run", "--quiet", "--out", "x.gif", ...words], {
    cwd: folder,
    env: { NODE_OPTIONS },
  });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^peak \d+ kB\n$/)]);
  return { megabytes: Number(/\d+/.exec(stderr)?.[0]) / 1000, stdout };
}

const SMALL = ["--dimension", "12", "--resolution", "64x48"];

test.each(["1", "2"])("memory is flat in the number of frames, lanes: %s", async (lanes) => {
  const few = await peak([...SMALL, "--lanes", lanes, "--frames", "100"]);
  const more = await peak([...SMALL, "--lanes", lanes, "--frames", "1000"]);
  const many = await peak([...SMALL, "--lanes", lanes, "--frames", "3000"]);
  // A process of 100 frames ends before its heap has settled; from 1 000 on only the record's numbers come to it.
  expect(many.megabytes - few.megabytes).toBeLessThan(30);
  expect(many.megabytes - more.megabytes).toBeLessThan(20);
});

test("a GIF of 15 MB, its record of 70 MB and the same through a pipe need what a small one needs, and agree", async () => {
  const lattice = ["--preset", "lattice", "--lanes", "2", "--gif-output"];
  const few = await peak([...lattice, "--frames", "20"]);
  const many = await peak([...lattice, "--frames", "300"]);
  // Not let go of are 8 MB of the GIF, and two pages.
  expect(many.megabytes - few.megabytes).toBeLessThan(30);

  const gif = await readFile(at("x.gif"));
  expect(gif.length).toBeGreaterThan(14e6);
  expect(inspectGif(gif).frames).toHaveLength(300);
  const text = await readFile(at("x.json"), "utf8");
  expect(many.stdout === `GIF_OUTPUT:${text}`).toBe(true);
  const record = JSON.parse(text);
  expect(record.file_size_bytes).toBe(gif.length);
  expect(Buffer.from(record.gif_data, "base64").equals(gif)).toBe(true);
  expect(Buffer.from(record.gif_bytestream).equals(gif)).toBe(true);
  expect(record.run.outputHash).toBe(createHash("sha256").update(gif).digest("hex"));
}, 60_000);

test("the first frame's bytes are in the temporary file while later frames are still to be made", async () => {
  const child = start(["run", ...SMALL, "--frames", "50", "--lanes", "1", "--quiet", "--out", "x.gif"], {
    cwd: folder,
    env: { VOLUMARK_FAULT: "slow@20" },
  });
  const closed = once(child, "close");
  let early = Buffer.alloc(0);
  for (const deadline = Date.now() + 20_000; early.length < 2000 && Date.now() < deadline; await delay(5)) {
    const name = (await readdir(folder)).find((one) => one.endsWith(".gif.tmp"));
    if (name) early = await readFile(at(name));
  }
  expect((await closed)[0]).toBe(0);
  const gif = await readFile(at("x.gif"));
  const frames: number[] = JSON.parse(await readFile(at("x.json"), "utf8")).run.counts.gifBytes;
  const later = frames.slice(1).reduce((sum, bytes) => sum + bytes, 1);
  expect(early.length).toBeGreaterThanOrEqual(gif.length - later);
  expect(early.length).toBeLessThan(gif.length - later / 2);
  expect(early.equals(gif.subarray(0, early.length))).toBe(true);
});
