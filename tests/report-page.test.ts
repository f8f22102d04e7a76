/** The page of a run in a browser: what it shows follows the pointer and the keys, it fits, and it asks nobody for anything. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAnimation, decodeGif } from "@volumark/engine";
import { reportHtml } from "@volumark/measure";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { foreignRecord, hostileRecord, longRecord } from "../packages/measure/src/formats/fixtures/runs.ts";
import { findProgram } from "./programs.ts";

const CHROMIUM = findProgram(process.env.CHROMIUM ?? "chromium", ["chromium-browser", "google-chrome"]);
const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const SETTINGS = { scene: "seed", dimension: 16, width: 64, height: 48, frames: 12, fps: 25 } as const;

const name = CHROMIUM ? "page in Chromium" : "page in Chromium (skipped: no chromium on the PATH; set CHROMIUM)";
describe.skipIf(!CHROMIUM)(name, () => {
  let browser: Browser;
  let folder: string;
  let gif: Uint8Array;
  /** What went wrong or out since the page was opened. */
  let events: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "volumark-page-"));
    gif = await createAnimation(SETTINGS).toGif();
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: FLAGS.split(" ") });
  }, 60_000);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(events).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(html: string, options: BrowserContextOptions = {}): Promise<Page> {
    events = [];
    const path = join(folder, "page.html");
    await writeFile(path, html);
    const page = await browser.newPage({ reducedMotion: "reduce", ...options });
    page.on("console", (message) => events.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => events.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      events.push(`dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = request.url();
      if (url !== `file://${path}` && !url.startsWith("data:")) events.push(`request: ${url}`);
    });
    await page.goto(`file://${path}`);
    return page;
  }

  const animation = () => reportHtml(longRecord(SETTINGS.frames, 1), { gif });

  /** The frame of the GIF whose pixels the canvas has. */
  async function shownFrame(page: Page): Promise<number> {
    const pixels = await page.evaluate(() => {
      const canvas = document.querySelector("canvas")!;
      return [...canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data];
    });
    return decodeGif(gif).frames.findIndex(({ rgba }) => Buffer.from(rgba).equals(Buffer.from(pixels)));
  }

  test("pointing at a column shows the picture of its frame and what was measured of it", async () => {
    const page = await open(animation());
    expect(await shownFrame(page)).toBe(0);
    const plot = page.locator("#map .row.field .plot");
    const box = (await plot.boundingBox())!;
    for (const frame of [7, 2, 11]) {
      await plot.hover({ position: { x: ((frame + 0.5) / SETTINGS.frames) * box.width, y: 5 } });
      expect(await shownFrame(page)).toBe(frame);
      expect(await page.locator("#head").textContent()).toBe(`frame ${frame}`);
      expect(await page.locator("#which").textContent()).toBe(`frame ${frame} / 11`);
    }
    const chart = page.locator(".chart.tall .plot");
    await chart.hover({ position: { x: 2, y: 20 } });
    expect(await shownFrame(page)).toBe(0);
  });

  test("arrow keys step through the frames, with the focus anywhere, and the slider does too", async () => {
    const page = await open(animation());
    for (const [key, frame] of [
      ["ArrowRight", 1],
      ["ArrowRight", 2],
      ["ArrowLeft", 1],
    ] as const) {
      await page.keyboard.press(key);
      expect(await shownFrame(page)).toBe(frame);
    }
    await page.locator("#map").focus();
    await page.keyboard.press("End");
    expect(await shownFrame(page)).toBe(11);
    await page.keyboard.press("ArrowRight");
    expect(await shownFrame(page)).toBe(11);
    await page.locator("#frame").focus();
    await page.keyboard.press("Home");
    expect(await shownFrame(page)).toBe(0);
    await page.keyboard.press("ArrowRight");
    expect(await shownFrame(page)).toBe(1);
  });

  test("plays by itself only where motion is welcome, shows medians meanwhile, and can be stopped", async () => {
    const still = await open(animation());
    expect(await still.locator("#play").textContent()).toBe("Play");
    const page = await open(animation(), { reducedMotion: "no-preference" });
    expect(await page.locator("#play").textContent()).toBe("Pause");
    expect(await page.locator("#head").textContent()).toBe("median");
    await expect.poll(async () => Number(await page.locator("#frame").inputValue())).toBeGreaterThan(2);
    await page.locator("#play").click();
    const stopped = await shownFrame(page);
    expect(await page.locator("#head").textContent()).toBe(`frame ${stopped}`);
  });

  test.each([360, 1000, 1600])("nothing reaches beyond a window of %i px", async (width) => {
    const pages = [
      animation(),
      reportHtml(longRecord(700, 9)),
      reportHtml(hostileRecord()),
      reportHtml(foreignRecord()),
    ];
    for (const html of pages) {
      const page = await open(html, { viewport: { width, height: 700 } });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.close();
    }
  });

  test("a hostile name does nothing but stand there", async () => {
    const page = await open(reportHtml(hostileRecord()));
    expect(await page.locator("h1").textContent()).toContain("</script><img src=x");
    expect(await page.locator("img").count()).toBe(1);
  });

  test("a picture that cannot be decoded leaves the charts working, and says so", async () => {
    const page = await open(reportHtml(longRecord(12, 1), { gif: gif.subarray(0, 6) }));
    expect(await page.locator("#which").textContent()).toContain("single frames cannot be shown here");
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#head").textContent()).toBe("frame 1");
  });

  test("without scripts the animation and the medians are there", async () => {
    const page = await open(animation(), { javaScriptEnabled: false });
    expect(await page.locator("#animation").isVisible()).toBe(true);
    expect(await page.locator("#map .row.field .value").textContent()).toBe("1.00 ms");
    expect(await page.locator("#play").isVisible()).toBe(false);
  });
});
