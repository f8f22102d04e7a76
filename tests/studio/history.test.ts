/** One stage over stored runs, in Chromium against the real server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, openStudio, type Studio, WHY_SKIPPED } from "./browser.ts";
import { importRecord, steadyRecord } from "./records.ts";

describe.skipIf(!CHROMIUM)(`histories${WHY_SKIPPED}`, () => {
  let studio: Studio;
  /** Eight runs at one level, eight that take a quarter longer. */
  beforeAll(async () => {
    studio = await openStudio();
    for (let i = 0; i < 16; i++) {
      const factor = (i < 8 ? 1 : 1.25) * (1 + (i % 3) / 400);
      const record = await steadyRecord({ number: i, factor, startedAt: new Date(Date.UTC(2026, 9, 1 + i)) });
      await importRecord(studio.server.address, record);
    }
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
  });

  test("the step is found, acknowledged with a reason by keys, and the reason taken back", async () => {
    const view = await studio.open("/runs?view=history");
    const { page } = view;
    await page.getByText("16 runs, 1 step, 1 not acknowledged.").waitFor();
    const chart = page.getByRole("slider", { name: /^total of each run/ });
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/: \S+ .?s, \S+ .?s to \S+ .?s$/);
    await page.getByText("16 runs as a list").click();
    expect(await page.getByRole("cell", { name: /^\S+ .?s to \S+ .?s$/ }).count()).toBe(16);
    await page.getByText(/slower by \+2\d\.\d %/).waitFor();
    expect(await view.findings()).toEqual([]);
    await page.getByRole("button", { name: "Acknowledge" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("a new compiler <b>");
    await page.keyboard.press("Enter");
    await page.getByText("16 runs, 1 step, acknowledged.").waitFor();
    await page.getByText(/Acknowledged: a new compiler <b>/).waitFor();
    await view.shot("history-acknowledged");
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByText("16 runs, 1 step, 1 not acknowledged.").waitFor();
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("a run is walked to by keys and opened; its own tab shows the same history", async () => {
    const view = await studio.open("/runs?view=history&stage=total");
    const { page } = view;
    await page.getByRole("slider", { name: /^total of each run/ }).focus();
    for (const key of ["Home", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("region", { name: "Benchmarks" }).waitFor();
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("16 runs, 1 step").waitFor();
    expect(await view.findings()).toEqual([]);
    await view.shot("history-tab");
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test.each([
    [360, false],
    [1440, true],
    [2560, false],
  ])(
    "fits %i pixels, dark: %s",
    async (width, dark) => {
      const view = await studio.open("/runs?view=history", { width, dark });
      await view.page.getByText(/16 runs, 1 step/).waitFor();
      expect(await view.overflow()).toBeLessThanOrEqual(0);
      expect(await view.findings()).toEqual([]);
      await view.shot(`history-${width}-${dark ? "dark" : "light"}`, { whole: true });
      expect(view.problems).toEqual([]);
      await view.close();
    },
    60_000,
  );
});
