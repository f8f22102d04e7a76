/** Two runs beside each other, and many, in Chromium against the real server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, makeRun, openStudio, type Studio, WHY_SKIPPED } from "./browser.ts";
import { importRecord, steadyRecord } from "./records.ts";

describe.skipIf(!CHROMIUM)(`comparisons${WHY_SKIPPED}`, () => {
  let studio: Studio;
  let base = "";
  let twin = "";
  let large = "";
  /** Imported: b takes as long as a, c a third more, d less in one stage. */
  const known: string[] = [];
  beforeAll(async () => {
    studio = await openStudio();
    base = await makeRun(studio.server.address, {}, { passes: 8 });
    twin = await makeRun(studio.server.address, {}, { passes: 8 });
    large = await makeRun(studio.server.address, { dimension: 40 }, { passes: 8 });
    for (const [number, change] of [{}, {}, { factor: 1.33 }, { field: 0.5 }].entries()) {
      const record = await steadyRecord({ number, factor: 1, ...change });
      known.push(await importRecord(studio.server.address, record));
    }
  }, 90_000);
  afterAll(async () => {
    await studio?.close();
  });

  test("nothing chosen says what will be seen; runs are chosen by key", async () => {
    const view = await studio.open("/compare");
    const { page } = view;
    await page.getByRole("heading", { name: "Choose two runs" }).waitFor();
    expect(await view.findings()).toEqual([]);
    await view.shot("compare-empty");
    await page.getByLabel("A, the baseline").selectOption(base);
    await page.getByLabel("B, held against it").selectOption(large);
    await page.getByText("Not the same work: the settings differ.").waitFor();
    expect(page.url()).toContain(`a=${base}&b=${large}`);
    await page.locator("body").click({ position: { x: 2, y: 200 } });
    await page.keyboard.press("x");
    await expect.poll(() => page.url()).toContain(`a=${large}&b=${base}`);
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("faster, slower and no difference are told in words, with ratio and interval", async () => {
    const [a, b, c, d] = known;
    for (const [other, sentence, verdict] of [
      [b, /No difference beyond ±2\.0 %/, "no difference"],
      [c, /B is slower: 1\.33 × the time of A, \+3\d\.\d % \(95 % interval 1\.3\d × to 1\.3\d ×\)/, "slower"],
      [d, /B is faster: 0\.\d\d × the time of A/, "faster"],
    ] as const) {
      const view = await studio.open(`/compare?a=${a}&b=${other}`);
      const answer = view.page.getByRole("region", { name: "Answer" });
      await answer.waitFor();
      expect(await answer.innerText()).toMatch(sentence);
      expect(await answer.innerText()).toContain("The same work");
      expect(await answer.innerText()).toContain("Made apart, not interleaved");
      const field = view.page.getByRole("row", { name: /^field/ });
      expect(await field.innerText()).toContain(verdict);
      await view.shot(`compare-${verdict.replace(" ", "-")}`, { whole: true });
      expect(view.problems).toEqual([]);
      await view.close();
    }
  }, 90_000);

  test("settings that differ are named, others not, and pictures show where they differ", async () => {
    const view = await studio.open(`/compare?a=${base}&b=${large}`);
    const { page } = view;
    const settings = page.getByRole("region", { name: "Settings: differences" });
    await settings.waitFor();
    expect(await settings.locator("tbody tr").count()).toBe(1);
    expect(await settings.innerText()).toContain("dimension");
    await page.getByText(/pixels differ/).waitFor();
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("frames are walked through by keys, and the pictures follow", async () => {
    const view = await studio.open(`/compare?a=${base}&b=${twin}`);
    const { page } = view;
    await page.getByText("The same work: equal settings, equal bytes of the GIF.").waitFor();
    await page.getByText("Every pixel of this frame is equal.").waitFor();
    await page.getByRole("slider", { name: /^Ratio of each frame/ }).focus();
    for (const key of ["End", "ArrowLeft", "Enter"]) await page.keyboard.press(key);
    await expect.poll(() => page.url()).toContain("frame=4");
    await page.getByText("frame 4 of 6").waitFor();
    await page.reload();
    await page.getByText("frame 4 of 6").waitFor();
    await page.getByLabel("Stage of the frames").selectOption("encode");
    await expect.poll(() => page.url()).toContain("stage=encode");
    await page.getByRole("button", { name: "Play both" }).click();
    await page.getByRole("button", { name: "Stop both" }).click();
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test.each([
    [360, true],
    [768, false],
    [1440, false],
    [2560, true],
  ])(
    "fits %i pixels, dark: %s, and axe-core finds nothing serious",
    async (width, dark) => {
      const view = await studio.open(`/compare?a=${base}&b=${large}`, { width, dark });
      await view.page.getByText(/pixels differ/).waitFor();
      expect(await view.overflow()).toBeLessThanOrEqual(0);
      expect(await view.findings()).toEqual([]);
      await view.shot(`compare-${width}-${dark ? "dark" : "light"}`, { whole: true });
      expect(view.problems).toEqual([]);
      await view.close();
    },
    60_000,
  );

  test("on a narrow screen nothing of a row lies beside the screen: verdict, whisker, numbers, of one run and of many", async () => {
    for (const [more, name, rows] of [
      ["", "Time of B over that of A", 7],
      [`&more=${known[2]}`, "2 runs against A", 2],
    ] as const) {
      const view = await studio.open(`/compare?a=${known[0]}&b=${known[1]}${more}`, { width: 360 });
      const table = view.page.getByRole("region", { name, exact: true }).getByRole("table");
      await table.waitFor();
      expect(await table.locator("tbody tr").count()).toBe(rows);
      const beside = await table.evaluate((element) =>
        [...element.querySelectorAll("tbody td, tbody th, tbody td *")]
          .filter((one) => !one.matches(".visually-hidden"))
          .map((one) => [one.textContent, one.getBoundingClientRect()] as const)
          .filter(([, { left, right, width }]) => width > 0 && (left < 0 || right > 360))
          .map(([text]) => text),
      );
      expect(beside).toEqual([]);
      expect(await table.getByText("no difference").first().isVisible()).toBe(true);
      expect(await view.overflow()).toBeLessThanOrEqual(0);
      expect(await view.findings()).toEqual([]);
      await view.shot(`compare-rows-${rows}-360`, { whole: true });
      await view.close();
    }
  }, 60_000);

  test("several against one: a row each, and one taken out changes no other", async () => {
    const view = await studio.open(`/compare?a=${known[0]}&b=${known[1]}&more=${known[2]}`);
    const { page } = view;
    const section = page.getByRole("region", { name: "2 runs against A" });
    await section.waitFor();
    const last = await section.locator("tbody tr").last().innerText();
    expect(last).toContain("slower");
    expect(await view.findings()).toEqual([]);
    await view.shot("compare-overlap");
    await section.getByRole("button", { name: /^Take/ }).first().click();
    await expect.poll(() => page.url()).not.toContain("more=");
    expect(page.url()).toContain(`b=${known[2]}`);
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("a run beside itself is said, and the choice still names it", async () => {
    const view = await studio.open(`/compare?a=${base}&b=${base}`);
    await view.page.getByText("A and B are the same run").waitFor();
    const chosen = view.page.getByLabel("A, the baseline").locator("option:checked");
    await expect.poll(() => chosen.textContent()).toContain("·");
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("a run that there is not is a sentence with a way on", async () => {
    const view = await studio.open(`/compare?a=${base}&b=nothing-like-it`);
    await view.page.getByRole("heading", { name: "These runs could not be compared" }).waitFor();
    expect(await view.findings()).toEqual([]);
    await view.close();
  }, 60_000);
});
