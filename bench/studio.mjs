/**
 * The studio's budgets in Chromium, with the processor as it is and slowed four times: `npm run bench:studio`.
 *
 *   node bench/studio.mjs [--quick] [--json FILE]
 *
 * First load (bytes, brotli), a table of 1 000 runs until it is interactive, ten runs of 2 000 frames against one, the page's
 * share of a core when nothing happens in the live view, the longest task while a run streams. Exits with 1 above a budget, but
 * for a quick pass.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "playwright-core";
import { table } from "../packages/measure/dist/index.js";
import { startServer } from "../packages/volumark/dist/server/start.js";
import { root } from "./machine.mjs";
import { readOptions } from "./options.mjs";

const HELP = `node bench/studio.mjs [options]

  --quick         fewer runs and frames, to see that it works; its figures mean nothing
  --json <file>   the same as JSON`;
const { quick, json } = readOptions({}, HELP);
const RUNS = quick ? 100 : 1000;
const FRAMES = quick ? 200 : 2000;
const IDLE_MS = quick ? 1000 : 4000;

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
  console.log(`left out: there is no ${executablePath}. Install chromium, or name it in CHROMIUM.`);
  process.exit(quick ? 0 : 1);
}
const folder = mkdtempSync(join(os.tmpdir(), "volumark-studio-bench-"));
const server = await startServer({ log: null, graceMs: 200, lanes: 1, dataFolder: folder, port: 0 });
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const figures = [];
const add = (name, throttle, value, budget, unit) => figures.push({ name, throttle, value, budget, unit });
try {
  add("first load, compressed", 1, (await firstLoad()) / 1000, 250, "kB");
  for (const throttle of [1, 4]) {
    add(`table of ${RUNS} runs interactive`, throttle, await tableTime(throttle), 200, "ms");
    add(`10 runs x ${FRAMES} frames compared`, throttle, await compareTime(throttle), 300, "ms");
    add("live view, idle, of a core", throttle, await idleShare(throttle), 2, "%");
    add("longest task while a run streams", throttle, await streamTask(throttle), 100, "ms");
  }
} finally {
  await browser.close();
  await server.close("the benchmark is over");
  rmSync(folder, { recursive: true, force: true });
}

const missed = ({ value, budget }) => value > budget;
const rows = figures.map((figure) => [
  figure.name,
  `${figure.throttle} x`,
  `${figure.value.toFixed(1)} ${figure.unit}`,
  `${figure.budget} ${figure.unit}`,
  missed(figure) ? "missed" : "kept",
]);
const right = "right";
const columns = [
  { title: "what" },
  { title: "slowed", align: right },
  { title: "found", align: right },
  { title: "budget", align: right },
  { title: "" },
];
console.log(table(columns, rows).join("\n"));
if (json) writeFileSync(json, `${JSON.stringify({ quick, figures }, null, 2)}\n`);
// A quick pass shows that it works; a benchmark is no timed test.
if (!quick && figures.some(missed)) process.exitCode = 1;

async function open(throttle, prepare) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, reducedMotion: "reduce" });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  await prepare?.(page);
  return { page, session };
}

/** Every file of the page's own until its first button, each compressed by itself, as a server would. */
async function firstLoad() {
  const { page } = await open(1);
  const bodies = [];
  page.on("response", (response) => {
    if (!response.url().includes("/api/")) bodies.push(response.body().catch(() => Buffer.alloc(0)));
  });
  await page.goto(server.address);
  await page.getByRole("button", { name: /Run/ }).first().waitFor();
  const all = await Promise.all(bodies);
  await page.close();
  return all.reduce((sum, body) => sum + brotliCompressSync(body).length, 0);
}

/** From the last answer of the list to a frame drawn after a header was pressed: rows there, and heard. */
async function tableTime(throttle) {
  const run = (i) => ({
    id: `r-${String(i).padStart(6, "0")}`,
    kind: "record",
    status: "finished",
    scene: ["seed", "gyroid", "blobs"][i % 3],
    settings: null,
    settingsHash: null,
    options: {},
    machine: null,
    worker: "bench",
    submittedAt: new Date(1.76e12 + i * 60_000).toISOString(),
    startedAt: null,
    endedAt: null,
    durationMs: null,
    attempts: 1,
    mostAttempts: 3,
    done: 30,
    frames: 30,
    position: null,
    cancelAsked: false,
    reason: null,
    lastEvent: 1,
    result: {
      source: "own",
      totalNs: 1e8 + ((i * 7919) % 1000) * 1e5,
      frameNs: 3e6,
      grade: "B",
      cpu: "bench",
      acknowledged: null,
    },
  });
  const { page } = await open(throttle, (one) =>
    one.route("**/api/runs?*", async (route) => {
      const query = new URL(route.request().url()).searchParams;
      if (query.has("status")) return route.fulfill({ json: { runs: [], next: null } });
      const from = Number(query.get("cursor") ?? 0);
      const to = Math.min(RUNS, from + 200);
      const runs = Array.from({ length: to - from }, (_, i) => run(from + i));
      return route.fulfill({ json: { runs, next: to < RUNS ? String(to) : null } });
    }),
  );
  await page.goto(`${server.address}/runs`);
  await page.getByText(`${RUNS.toLocaleString("en").replace(",", " ")} runs`).waitFor();
  // Ordering touches every row; two frames later the new order is on the screen.
  const time = await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const header = [...document.querySelectorAll("th button")].find((one) => one.textContent.startsWith("Total"));
    const before = document.querySelector("tbody tr td:nth-child(2)").textContent;
    const begun = performance.now();
    header.click();
    do await frame();
    while (
      document.querySelector("tbody tr td:nth-child(2)").textContent === before &&
      performance.now() - begun < 5000
    );
    await frame();
    return performance.now() - begun;
  });
  await page.close();
  return time;
}

/** From the records in the page to the table of verdicts: the records come from here, and the time until they are there is left out. */
async function compareTime(throttle) {
  const text = readFileSync(join(root, "tests/records/0.1.0/once.json"), "utf8");
  const recordOf = (n) => {
    const record = JSON.parse(text);
    const { run, benchmark_data: data } = record;
    const grown = (column) => Array.from({ length: FRAMES }, (_, i) => column[i % column.length]);
    const sets = [run.frames, run.counts];
    for (const set of sets) for (const name of Object.keys(set)) set[name] = grown(set[name]);
    run.frames.frame = Array.from({ length: FRAMES }, (_, i) => i);
    run.frames.fieldNs = run.frames.fieldNs.map((ns, i) => Math.round(ns * (1 + n / 50 + (i % 7) / 100)));
    run.pictureHashes = grown(run.pictureHashes);
    for (const name of Object.keys(data)) if (name.endsWith("_times")) data[name] = grown(data[name]);
    run.id = `bench-${n}`;
    return JSON.stringify({ ...record, gif_data: "", gif_bytestream: [], file_size_bytes: 0 });
  };
  const { page } = await open(throttle, async (one) => {
    await one.route(/\/api\/runs\/bench-\d+(\?|$)/, (route) => {
      const id = /bench-\d+/.exec(route.request().url())[0];
      return route.fulfill({ json: { id, scene: id, submittedAt: "2026-11-24T00:00:00Z", result: { gif: false } } });
    });
    await one.route(/\/api\/runs\/bench-\d+\/record/, (route) =>
      route.fulfill({
        body: recordOf(Number(/bench-(\d+)/.exec(route.request().url())[1])),
        contentType: "application/json",
      }),
    );
    await one.route("**/api/compare?*", (route) => route.abort());
    // The message to the worker marks the moment when the records are all there.
    await one.addInitScript(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message?.kind === "overlap") globalThis.begun ??= performance.now();
        return post.call(this, message, ...rest);
      };
      new MutationObserver(() => {
        if (globalThis.begun && !globalThis.shown && document.querySelector("#overlap-heading"))
          requestAnimationFrame(() => (globalThis.shown = performance.now()));
      }).observe(document, { childList: true, subtree: true });
    });
  });
  const more = Array.from({ length: 9 }, (_, i) => `bench-${i + 2}`).join(",");
  await page.goto(`${server.address}/compare?a=bench-0&b=bench-1&more=${more}`);
  // The content policy refuses what `waitForFunction` does.
  while (!(await page.evaluate("globalThis.shown"))) await page.waitForTimeout(50);
  const time = await page.evaluate("globalThis.shown - globalThis.begun");
  await page.close();
  return time;
}

/** Time of tasks of the page's thread over time that went by, in percent, with the live view open and nobody touching it. */
async function idleShare(throttle) {
  const { page, session } = await open(throttle);
  await page.goto(`${server.address}/?show=live`);
  await page.getByRole("button", { name: /Run/ }).first().waitFor();
  await page.waitForTimeout(2000);
  const taskSeconds = async () =>
    (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await taskSeconds();
  await page.waitForTimeout(IDLE_MS);
  const share = (100 * (await taskSeconds()) - 100 * before) / (IDLE_MS / 1000);
  await page.close();
  return share;
}

/** The longest task while frames of a run arrive as pictures and times. */
async function streamTask(throttle) {
  const { page } = await open(throttle, (one) =>
    one.addInitScript(() => {
      globalThis.tasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.tasks.push(duration);
      }).observe({ type: "longtask" });
    }),
  );
  const frames = quick ? 40 : 300;
  await page.goto(`${server.address}/?preset=seed&dimension=64&frames=${frames}&lanes=1`);
  await page.getByRole("button", { name: /^Run/ }).first().waitFor();
  await page.waitForTimeout(1000);
  await page.evaluate("globalThis.tasks.length = 0");
  await page.getByRole("button", { name: /^Run/ }).first().click();
  await page.getByRole("region", { name: "Benchmarks" }).waitFor({ timeout: 120_000 });
  const longest = await page.evaluate("Math.max(0, ...globalThis.tasks)");
  await page.close();
  return longest;
}
