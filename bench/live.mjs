/**
 * Pictures a second of the studio's live view in Chromium without a graphics card, at fixed sizes: `npm run bench:live`.
 *
 *   node bench/live.mjs [--quick] [--json FILE]
 *
 * The page's own worker is asked for one picture after the other, as the page does it, but at a size that does not adapt: every
 * picture on its canvas before the next is asked for. "turns": the camera moves and the mesh stays; "plays": time goes on, so that
 * every picture is sampled and meshed anew.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { table } from "../packages/measure/dist/index.js";
import { startServer } from "../packages/volumark/dist/server/start.js";
import { readOptions } from "./options.mjs";

const HELP = `node bench/live.mjs [options]

  --quick         fewer pictures, to see that it works; its figures mean nothing
  --json <file>   the same as JSON`;
const { quick, json } = readOptions({}, HELP);
const DIMENSION = 64;
const SIZES = [
  [320, 240],
  [480, 360],
  [640, 480],
];
const PICTURES = quick ? 5 : 90;
const WARM_UP = quick ? 1 : 10;

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
  console.log(`left out: there is no ${executablePath}. Install chromium, or name it in CHROMIUM.`);
  process.exit(quick ? 0 : 1);
}
const folder = mkdtempSync(join(os.tmpdir(), "volumark-live-bench-"));
const server = await startServer({ log: null, graceMs: 200, dataFolder: folder, port: 0 });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
const figures = [];
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await page.addInitScript(() => {
    const Before = globalThis.Worker;
    globalThis.workers = [];
    globalThis.Worker = class extends Before {
      constructor(address, options) {
        super(address, options);
        globalThis.workers.push(String(address));
      }
    };
  });
  await page.goto(`${server.address}/?show=live`);
  await page.getByRole("application").waitFor();
  await page.waitForTimeout(2000);
  const { presets } = await (await fetch(`${server.address}/api/presets`)).json();
  for (const { name, scene } of presets) {
    for (const [width, height] of SIZES) {
      for (const kind of ["turns", "plays"]) {
        const asked = { scene, dimension: DIMENSION, width, height, kind, pictures: PICTURES, warmUp: WARM_UP };
        const { seconds, triangles } = await page.evaluate(drawMany, asked);
        figures.push({ scene: name, width, height, kind, perSecond: PICTURES / seconds, triangles });
      }
    }
  }
} finally {
  await browser.close();
  await server.close("the benchmark is over");
  rmSync(folder, { recursive: true, force: true });
}

const right = "right";
const of = (scene, [width, height], kind) =>
  figures.find((one) => one.scene === scene && one.width === width && one.height === height && one.kind === kind);
const rows = [...new Set(figures.map(({ scene }) => scene))].flatMap((scene) =>
  ["turns", "plays"].map((kind) => [
    scene,
    String(of(scene, SIZES[0], kind).triangles),
    kind,
    ...SIZES.map((size) => of(scene, size, kind).perSecond.toFixed(0)),
  ]),
);
console.log(`pictures a second at dimension ${DIMENSION}, ${PICTURES} each; ${os.cpus()[0]?.model}, no graphics card`);
console.log(
  table(
    [
      { title: "scene" },
      { title: "triangles", align: right },
      { title: "" },
      ...SIZES.map(([width, height]) => ({ title: `${width}×${height}`, align: right })),
    ],
    rows,
  ).join("\n"),
);
if (json) writeFileSync(json, `${JSON.stringify({ quick, figures }, null, 2)}\n`);

/** In the page: seconds for so many pictures on a canvas, one after the other. */
async function drawMany({ scene, dimension, width, height, kind, pictures, warmUp }) {
  const worker = new Worker(
    globalThis.workers.find((address) => address.includes("live-worker")),
    { type: "module" },
  );
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  document.querySelector("main").prepend(canvas);
  const context = canvas.getContext("2d");
  const draw = (number) =>
    new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => (data.kind === "picture" ? resolve(data) : reject(new Error(data.message)));
      const time = kind === "plays" ? (number % 60) / 60 : 0;
      const orbit = { yaw: kind === "turns" ? ((number * 4) % 360) - 180 : 0, pitch: 10, zoom: 1 };
      worker.postMessage({ kind: "draw", number, time, orbit, width, height });
    });
  worker.postMessage({ kind: "scene", scene, dimension });
  let begun = 0;
  let triangles = 0;
  for (let number = -warmUp; number < pictures; number++) {
    if (number === 0) begun = performance.now();
    const picture = await draw(number + warmUp);
    context.putImageData(new ImageData(picture.rgba, width, height), 0, 0);
    triangles = picture.triangles;
  }
  const seconds = (performance.now() - begun) / 1000;
  worker.terminate();
  canvas.remove();
  return { seconds, triangles };
}
