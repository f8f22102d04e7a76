/**
 * Makes the pictures of the studio in `docs/pictures`: `node scripts/pictures.mjs`, with chromium on the PATH. They show real
 * runs of this machine; make them again when the page changes, on a quiet machine.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { root, setUp } from "./setup.mjs";

setUp();
const { startServer } = await import("../packages/volumark/dist/server/start.js");
const folder = mkdtempSync(join(tmpdir(), "volumark-pictures-"));
const server = await startServer({ port: 0, dataFolder: folder, log: null });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const before = await run({ scene: "gyroid", dimension: 64 }, { passes: 12, lanes: 1 });
  const gyroid = await run({ scene: "gyroid", dimension: 64 }, { passes: 12 });
  const seed = await run({ scene: "seed", dimension: 64, frames: 60 }, { passes: 12 });
  for (let i = 0; i < 5; i++) await run({ scene: "gyroid", dimension: 64 }, { passes: 5 });
  await run({ scene: "blobs", dimension: 48, frames: 20 }, {});
  const slow = await submit({ scene: "column", dimension: 384, frames: 240 }, { pictures: true });
  await shot("studio-running", `/?run=${slow}`, { waitMs: 8000, dark: true });
  await fetch(`${server.address}/api/runs/${slow}/cancel`, { method: "POST" });
  await ended(slow);
  await shot("studio", `/?run=${seed}`, { whole: true });
  await shot("studio-frames", `/?run=${seed}&tab=frames`, { dark: true, section: "Benchmarks" });
  await shot("studio-timeline", `/?run=${gyroid}&tab=timeline`, { section: "Benchmarks" });
  await shot("studio-compare", `/compare?a=${before}&b=${gyroid}`, {});
  await shot("studio-narrow", `/?run=${seed}`, { width: 360, height: 800 });
} finally {
  await browser.close();
  await server.close("pictures made");
  rmSync(folder, { recursive: true, force: true });
}

async function submit(settings, options) {
  const response = await fetch(`${server.address}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ settings, options }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()).id;
}

async function ended(id) {
  for (;;) {
    const { status } = await (await fetch(`${server.address}/api/runs/${id}`)).json();
    if (status !== "queued" && status !== "running") return id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function run(settings, options) {
  return ended(await submit(settings, options));
}

async function shot(name, path, { width = 1440, height = 900, dark = false, whole = false, section, waitMs = 2500 }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(server.address + path);
  await page.waitForTimeout(waitMs);
  // The bar that stays at the top would lie over what is taken by itself.
  if (section) {
    await page.evaluate(() => {
      document.querySelector("header").style.visibility = "hidden";
    });
  }
  const place = section ? page.getByRole("region", { name: section }) : page;
  const bytes = await place.screenshot(section ? {} : { fullPage: whole });
  await sharp(bytes)
    .png({ palette: true, quality: 90, effort: 8 })
    .toFile(join(root, `docs/pictures/${name}.png`));
  await context.close();
}
