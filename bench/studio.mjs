/**
 * The studio's budgets in Chromium, with the processor as it is and slowed four times: `npm run bench:studio`.
 *
 *   node bench/studio.mjs [--quick] [--json FILE]
 *
 * First load (bytes, brotli), a table of 1 000 runs until it is interactive, ten runs of 2 000 frames against one, the share of
 * a core that the whole browser takes when nothing happens in the live view and, without a budget, while time plays in it, the
 * longest task while a run streams. Slowed is the page's thread only, by Chromium itself: its workers are not. Exits with 1
 * above a budget, but for a quick pass.
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
  const { still, playing } = await liveShares();
  add("live view, idle, of a core", 1, still, 2, "%");
  add("live view while time plays, of a core", 1, playing, null, "%");
  for (const throttle of [1, 4]) {
    const { opened, ordered } = await tableTimes(throttle);
    add("list of runs opened from the studio", throttle, opened, null, "ms");
    add(`table of ${RUNS} runs interactive`, throttle, ordered, 200, "ms");
    add(`10 runs x ${FRAMES} frames compared`, throttle, await compareTime(throttle), 300, "ms");
    add("longest task while a run streams", throttle, await streamTask(throttle), 100, "ms");
  }
} finally {
  await browser.close();
  await server.close("the benchmark is over");
  rmSync(folder, { recursive: true, force: true });
}

const missed = ({ value, budget }) => budget !== null && value > budget;
const rows = figures.map((figure) => [
  figure.name,
  `${figure.throttle} x`,
  `${figure.value.toFixed(1)} ${figure.unit}`,
  figure.budget === null ? "" : `${figure.budget} ${figure.unit}`,
  figure.budget === null ? "" : missed(figure) ? "missed" : "kept",
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
  await session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  await prepare?.(page);
  return { page };
}

/** Every file of the page's own until its first button and what that has started, each compressed by itself, as a server would. */
async function firstLoad() {
  const { page } = await open(1);
  const bodies = [];
  page.on("response", (response) => {
    if (!response.url().includes("/api/")) bodies.push(response.body().catch(() => Buffer.alloc(0)));
  });
  await page.goto(server.address);
  await page.getByRole("button", { name: /Run/ }).first().waitFor();
  // The worker that it starts with belongs to it.
  await page.waitForTimeout(1000);
  const all = await Promise.all(bodies);
  await page.close();
  return all.reduce((sum, body) => sum + brotliCompressSync(body).length, 0);
}

/**
 * From the press of Runs in the studio to a frame with rows, the fetching of their first answer included; from
 * the press of a header, all runs there, to a frame with another order.
 */
async function tableTimes(throttle) {
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
  await page.goto(server.address);
  await page.getByRole("button", { name: /Run/ }).first().waitFor();
  // As long as a person looks at the studio at least; the view is fetched meanwhile.
  await page.waitForTimeout(4000);
  const opened = await page.evaluate(async () => {
    const begun = performance.now();
    document.querySelector('nav a[href="/runs"]').click();
    do await new Promise(requestAnimationFrame);
    while (!document.querySelector("tbody tr") && performance.now() - begun < 5000);
    await new Promise(requestAnimationFrame);
    return performance.now() - begun;
  });
  await page.getByText(`${RUNS.toLocaleString("en").replace(",", " ")} runs`).waitFor();
  // Ordering touches every row; two frames later the new order is on the screen.
  const ordered = await page.evaluate(async () => {
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
  return { opened, ordered };
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

/**
 * Processor time of all of the browser's processes over time that went by, in percent: the live view untouched, then
 * its time playing. Not slowed: what slows a thread takes the processor's time itself.
 */
async function liveShares() {
  const { page } = await open(1);
  await page.goto(`${server.address}/?show=live`);
  await page.getByRole("button", { name: "Play time" }).waitFor();
  await page.waitForTimeout(3000);
  const still = await browserShare();
  await page.getByRole("button", { name: "Play time" }).click();
  await page.waitForTimeout(1000);
  const playing = await browserShare();
  await page.close();
  return { still, playing };
}

/** Page, GPU, network and the browser itself. */
async function browserShare() {
  const session = await browser.newBrowserCDPSession();
  const seconds = async () =>
    new Map((await session.send("SystemInfo.getProcessInfo")).processInfo.map(({ id, cpuTime }) => [id, cpuTime]));
  const before = await seconds();
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const after = await seconds();
  const went = (performance.now() - begun) / 1000;
  let used = 0;
  for (const [id, time] of after) used += time - (before.get(id) ?? 0);
  await session.detach();
  return (100 * used) / went;
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
