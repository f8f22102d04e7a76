/** The studio at every width, light and dark; what the first load weighs. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, makeRun, openStudio, type Studio, WHY_SKIPPED } from "./browser.ts";

/** Compressed, without the live view. */
const MOST_BYTES = 250_000;

describe.skipIf(!CHROMIUM)(`the studio, how it looks${WHY_SKIPPED}`, () => {
  let studio: Studio;
  let id: string;
  beforeAll(async () => {
    studio = await openStudio();
  }, 60_000);
  afterAll(() => studio?.close());

  test.each([360, 768, 1440, 2560])("before the first run, %i pixels wide", async (width) => {
    for (const dark of [false, true]) {
      const opened = await studio.open("/", { width, dark });
      await opened.page.getByRole("heading", { name: "Make the first animation" }).waitFor();
      expect(await opened.overflow()).toBe(0);
      expect(await opened.findings()).toEqual([]);
      expect(opened.problems).toEqual([]);
      await opened.shot(`first-${width}-${dark ? "dark" : "light"}`);
      await opened.close();
    }
  });

  test("a run is made", async () => {
    id = await makeRun(studio.server.address, { scene: "gyroid", dimension: 48, width: 320, height: 240, frames: 10 });
  });

  test.each([360, 768, 1440, 2560])("with a run, %i pixels wide: the animation and the live view", async (width) => {
    for (const dark of [false, true]) {
      for (const show of ["gif", "live"]) {
        const opened = await studio.open(`/?run=${id}&show=${show}&preset=gyroid`, { width, dark });
        const there =
          show === "gif"
            ? opened.page.getByRole("slider", { name: "Frame", exact: true })
            : opened.page.getByText(/triangles · dimension/);
        await there.waitFor();
        await opened.page.getByRole("region", { name: "Benchmarks" }).waitFor();
        expect(await opened.overflow()).toBe(0);
        expect(await opened.findings()).toEqual([]);
        expect(opened.problems).toEqual([]);
        await opened.shot(`studio-${show}-${width}-${dark ? "dark" : "light"}`);
        await opened.close();
      }
    }
  });

  test("with fingers everything that is touched is 24 pixels at least, and the buttons 44", async () => {
    const opened = await studio.open(`/?run=${id}`, { width: 360, context: { hasTouch: true, isMobile: true } });
    await opened.page.getByRole("slider", { name: "Frame", exact: true }).waitFor();
    const small = await opened.page.evaluate(() =>
      [
        ...document.querySelectorAll(
          "header a, header button, section[aria-label=Picture] button, section[aria-label=Picture] a",
        ),
      ]
        .map((element) => ({
          name: element.getAttribute("aria-label") ?? element.textContent,
          box: element.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.height < 40 || box.width < 24)
        .map(({ name, box }) => `${name} ${Math.round(box.width)}×${Math.round(box.height)}`),
    );
    expect(small).toEqual([]);
    expect(await opened.overflow()).toBe(0);
    await opened.close();
  });

  test("hostile words in the address are text or nothing, never a broken page", async () => {
    for (const path of [
      "/?run=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
      "/?preset=%3Cscript%3E&tab=%22%3E&frame=-1&dimension=NaN",
      "/?dimension=1e308&frames=-5&width=0.5&fps=1e-9",
      `/?run=${id}&frame=999999999`,
      "/?run=local:gone",
      "/?run=%7B%22a%22%3A1%7D&frame=1e400",
    ]) {
      const opened = await studio.open(path);
      await opened.page.getByRole("button", { name: "Run ▸" }).waitFor();
      expect(await opened.page.getByText("The animation can't be shown").count()).toBe(0);
      expect(opened.problems.filter((one) => one.startsWith("error: ") && !one.includes("status of 4"))).toEqual([]);
      await opened.close();
    }
  });

  test("nothing is fetched from elsewhere, and the first load is within its bytes", async () => {
    const loaded: { readonly url: string; readonly bytes: number }[] = [];
    const elsewhere: string[] = [];
    const opened = await studio.open(`/?run=${id}`, {
      prepare: async (page) => {
        page.on("request", (request) => {
          const { origin } = new URL(request.url());
          if (/^https?:/.test(origin) && origin !== studio.server.address) elsewhere.push(request.url());
        });
        page.on("response", async (response) => {
          const { pathname } = new URL(response.url());
          if (!/^\/(assets\/|$)/.test(pathname) || /worker/.test(pathname)) return;
          const body = await response.body().catch(() => Buffer.alloc(0));
          loaded.push({ url: pathname, bytes: gzipSync(body).length });
        });
      },
    });
    await opened.page.getByRole("slider", { name: "Frame", exact: true }).waitFor();
    await opened.page.waitForLoadState("networkidle");
    expect(elsewhere).toEqual([]);
    expect(loaded.length).toBeGreaterThan(3);
    const bytes = loaded.reduce((sum, one) => sum + one.bytes, 0);
    expect(bytes, JSON.stringify(loaded)).toBeLessThan(MOST_BYTES);
    await opened.close();
  });
});
