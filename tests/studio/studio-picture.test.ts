/** The player and the live view in a real browser. */
import { createAnimation, decodeGif } from "@volumark/engine";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, makeRun, openStudio, type Studio, type StudioPage, WHY_SKIPPED } from "./browser.ts";

const SETTINGS = { scene: "seed", dimension: 16, width: 160, height: 120, frames: 6, fps: 10 };

describe.skipIf(!CHROMIUM)(`the studio, its picture${WHY_SKIPPED}`, () => {
  let studio: Studio;
  let id: string;
  let open: StudioPage | null = null;
  beforeAll(async () => {
    studio = await openStudio();
    id = await makeRun(studio.server.address, SETTINGS);
  }, 60_000);
  afterEach(async () => {
    await open?.close();
    open = null;
  });
  afterAll(() => studio?.close());

  async function show(path: string, options = {}): Promise<Page> {
    open = await studio.open(path, options);
    return open.page;
  }
  const scrubber = (page: Page) => page.getByRole("slider", { name: "Frame", exact: true });
  const words = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
  /** Sum over the pixels of a canvas, weighted by place: another picture, another number. */
  const inked = (page: Page, selector: string) =>
    page.evaluate((name) => {
      const canvas = document.querySelector<HTMLCanvasElement>(name)!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      let sum = 0;
      for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]!) % 1_000_000_007;
      return sum;
    }, selector);
  const PLAYER = 'canvas[aria-label^="Animation of"]';
  const LIVE = '[role="application"] canvas';

  test("the player shows each frame as a decoder of the GIF has it", async () => {
    const { frames } = decodeGif(await createAnimation(SETTINGS).toGif());
    const page = await show(`/?run=${id}&frame=3`);
    await scrubber(page).waitFor();
    for (const [key, frame] of [
      ["ArrowRight", 4],
      ["End", 5],
      ["ArrowLeft", 4],
      ["Home", 0],
    ] as const) {
      await page.keyboard.press(key);
      const shown = () =>
        page.evaluate((name) => {
          const canvas = document.querySelector<HTMLCanvasElement>(name)!;
          return [...canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data];
        }, PLAYER);
      await expect
        .poll(async () => Buffer.compare(Buffer.from(await shown()), Buffer.from(frames[frame]!.rgba)))
        .toBe(0);
    }
    expect(open!.problems).toEqual([]);
  });

  test("the frame on which it stands is in the address, and opened again it stands there", async () => {
    const page = await show(`/?run=${id}`);
    await scrubber(page).waitFor();
    expect(words(page)).not.toHaveProperty("frame");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => words(page).frame).toBe("2");
    await page.reload();
    await scrubber(page).waitFor();
    expect(await scrubber(page).inputValue()).toBe("2");
    await page.keyboard.press(" ");
    await expect.poll(() => words(page)).not.toHaveProperty("frame");
    await page.keyboard.press(" ");
    await expect.poll(() => words(page)).toHaveProperty("frame");
  });

  test("it plays by itself, but not where motion is not wanted", async () => {
    const moving = await show(`/?run=${id}`, { still: false });
    await moving.getByRole("button", { name: "Pause", exact: true }).waitFor();
    const seen = new Set<string>();
    await expect.poll(async () => seen.add(await scrubber(moving).inputValue()).size).toBeGreaterThan(3);
    await open!.close();
    const still = await show(`/?run=${id}`, { still: true });
    await still.getByRole("button", { name: "Play", exact: true }).waitFor();
    expect(await scrubber(still).inputValue()).toBe("0");
  });

  test("pointing at a frame of the benchmarks window moves the picture there, and the player moves the window", async () => {
    const page = await show(`/?run=${id}&tab=frames&frame=0`, { height: 1800 });
    await scrubber(page).waitFor();
    const map = page.getByRole("region", { name: "Benchmarks" }).locator("[data-own-keys]").first();
    // Where the map lies is known when it has been drawn.
    const pointed = async () => {
      const box = (await map.boundingBox())!;
      await map.hover({ position: { x: box.width * 0.6, y: 40 } });
      return scrubber(page).inputValue();
    };
    await expect.poll(pointed).not.toBe("0");
    await page.mouse.move(2, 2);
    await expect.poll(() => scrubber(page).inputValue()).toBe("0");
    await page.keyboard.press("End");
    await page.getByRole("region", { name: "Benchmarks" }).getByText("frame 5 of 6").waitFor();
  });

  test("slower, faster, once only: by keys", async () => {
    const page = await show(`/?run=${id}&frame=0`);
    await scrubber(page).waitFor();
    await page.keyboard.press("[");
    await page.keyboard.press("[");
    expect(await page.getByRole("combobox", { name: "Speed" }).inputValue()).toBe("0.25");
    for (let i = 0; i < 9; i++) await page.keyboard.press("]");
    expect(await page.getByRole("combobox", { name: "Speed" }).inputValue()).toBe("4");
    await page.keyboard.press("l");
    expect(await page.getByRole("button", { name: "Loop" }).getAttribute("aria-pressed")).toBe("false");
    await page.keyboard.press(" ");
    await expect.poll(() => words(page).frame).toBe("5");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  });

  test("the live view turns under the mouse and by keys, and comes back to where the scene has it", async () => {
    const page = await show(`/?run=${id}&show=live`);
    const live = page.getByRole("application");
    await live.waitFor();
    await page.getByText(/triangles · dimension/).waitFor();
    const first = await inked(page, LIVE);
    const box = (await live.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2 + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => inked(page, LIVE)).not.toBe(first);
    await page.keyboard.press("0");
    await expect.poll(() => inked(page, LIVE)).toBe(first);
    await live.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("+");
    await expect.poll(() => inked(page, LIVE)).not.toBe(first);
    await page.keyboard.press("0");
    await expect.poll(() => inked(page, LIVE)).toBe(first);
    await page.getByRole("slider", { name: "Time" }).press("End");
    await expect.poll(() => inked(page, LIVE)).not.toBe(first);
    expect(await open!.findings()).toEqual([]);
    expect(open!.problems).toEqual([]);
  });

  test("angle and moment of the live view stand in the address, and the same address shows the same picture", async () => {
    const page = await show(`/?run=${id}&show=live`);
    const live = page.getByRole("application");
    await page.getByText(/triangles · dimension/).waitFor();
    const first = await inked(page, LIVE);
    const entries = await page.evaluate(() => history.length);
    await live.focus();
    for (const key of ["ArrowLeft", "ArrowLeft", "ArrowUp", "+"]) await page.keyboard.press(key);
    await page.getByRole("slider", { name: "Time" }).press("End");
    await expect.poll(() => words(page)).toMatchObject({ look: "-10_5_0.909", at: "1" });
    await expect.poll(() => inked(page, LIVE)).not.toBe(first);
    await page.waitForTimeout(500);
    const turned = await inked(page, LIVE);
    expect(await page.evaluate(() => history.length)).toBe(entries);
    await page.reload();
    await expect.poll(() => inked(page, LIVE)).toBe(turned);
    await page.keyboard.press("0");
    await page.getByRole("slider", { name: "Time" }).press("Home");
    await expect.poll(() => words(page)).toEqual({ run: id, show: "live" });
    await expect.poll(() => inked(page, LIVE)).toBe(first);
    expect(open!.problems).toEqual([]);
  });

  test("the live view asks its worker for nothing while nothing changes", async () => {
    const page = await show(`/?run=${id}&show=live`, {
      prepare: (opened: Page) =>
        opened.addInitScript(() => {
          const post = Worker.prototype.postMessage;
          const counts = globalThis as unknown as { asked: number };
          counts.asked = 0;
          Worker.prototype.postMessage = function (this: Worker, ...given: unknown[]) {
            counts.asked++;
            return (post as (...all: unknown[]) => void).apply(this, given);
          } as typeof post;
        }),
    });
    const asked = () => page.evaluate(() => (globalThis as unknown as { asked: number }).asked);
    await page.getByText(/triangles · dimension/).waitFor();
    // The estimate of the form's work comes a moment later, too.
    await page.getByText(/× about/).waitFor();
    await page.waitForTimeout(500);
    const before = await asked();
    await page.waitForTimeout(1000);
    expect(await asked()).toBe(before);
    await page.getByRole("application").press("ArrowLeft");
    await expect.poll(asked).toBeGreaterThan(before);
  });

  test("settings of the form are seen in the live view at once; what makes no scene is said", async () => {
    const page = await show(`/?run=${id}&show=live`);
    await page.getByText(/triangles · dimension/).waitFor();
    const first = await inked(page, LIVE);
    await page.getByRole("textbox", { name: "Ring height" }).fill("0.2");
    await expect.poll(() => inked(page, LIVE)).not.toBe(first);
    await page.getByRole("button", { name: "Animation", exact: true }).click();
    await scrubber(page).waitFor();
    await page.keyboard.press("v");
    await page.getByRole("application").waitFor();
    expect(words(page).show).toBe("live");
  });
});
