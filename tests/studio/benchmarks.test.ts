/** The benchmarks window in Chromium: what it shows of records of every kind, by pointer and by keys, wide and narrow, light and dark. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  failedEarly,
  hostileRecord,
  longRecord,
  oldForeign,
  oldRecord,
} from "../../packages/web/src/shaping/fixtures/records.ts";
import { CHROMIUM, makeRun, openStudio, type Studio, type StudioPage, WHY_SKIPPED } from "./browser.ts";
import { serveRecords } from "./served-records.ts";

describe.skipIf(!CHROMIUM)(`benchmarks window${WHY_SKIPPED}`, () => {
  let studio: Studio;
  /** A run of the server with its picture: 8 frames in 6 passes. */
  let run: string;
  const opened: StudioPage[] = [];

  beforeAll(async () => {
    studio = await openStudio();
    run = await makeRun(studio.server.address, { frames: 8 }, { passes: 6 });
  }, 120_000);
  afterEach(async () => {
    const problems = opened.flatMap((page) => page.problems);
    await Promise.all(opened.splice(0).map((page) => page.close()));
    expect(problems).toEqual([]);
  });
  afterAll(() => studio?.close());

  const records = {
    foreign: oldForeign(),
    failed: oldRecord("failed"),
    early: failedEarly(),
    hostile: hostileRecord(),
    passes: longRecord(300, 20),
    long: longRecord(10_000, 1),
    slow: slowRecord(),
    huge: hugeRecord(),
  };

  async function open(path: string, options: Parameters<Studio["open"]>[1] = {}): Promise<StudioPage> {
    const page = await studio.open(path, { prepare: (one) => serveRecords(one, records), ...options });
    opened.push(page);
    return page;
  }

  async function openTab(id: string, tab: string, options: Parameters<Studio["open"]>[1] = {}): Promise<StudioPage> {
    const page = await open(`/?run=${id}&tab=${tab}`, options);
    await page.page.getByRole("tabpanel").waitFor();
    await page.page.getByRole("status").filter({ hasText: "Computing" }).first().waitFor({ state: "detached" });
    return page;
  }

  /** Every tab is opened and shows something that is not a failure. */
  async function throughTabs(page: StudioPage["page"]): Promise<void> {
    for (const tab of ["Overview", "Frames", "Timeline", "Machine", "Raw"]) {
      await page.getByRole("tab", { name: tab }).click();
      await expect.poll(() => page.getByRole("tabpanel", { name: tab }).textContent()).not.toMatch(/^(Opening|$)/);
      expect(await page.getByRole("tabpanel").getByRole("alert").count()).toBe(0);
    }
  }

  const map = ({ page }: StudioPage) => page.getByRole("slider", { name: /Map of the frames/ });

  test("the head says what was made, how sure that is, and the grade with its reasons", async () => {
    const { page } = await openTab(run, "overview");
    const window = page.getByRole("region", { name: "Benchmarks" });
    await expect.poll(() => window.getByText(/8 frames 160×120 at dimension 16 in/).count()).toBe(1);
    expect(await window.getByRole("heading", { name: /Grade [A-D]: \d+ of 15 checks hold/ }).count()).toBe(1);
    expect(await window.getByRole("row", { name: /^picture / }).count()).toBe(1);
    expect(await window.getByText("95 % interval").count()).toBeGreaterThan(0);
    expect(await window.getByText(/lower is better/).count()).toBeGreaterThan(2);
  });

  test("the worst frame of a stage is one click away, with its card open", async () => {
    const shown = await openTab(run, "overview");
    const link = shown.page.getByRole("row", { name: /^field / }).getByRole("button");
    const name = (await link.textContent())!;
    await link.click();
    await shown.page.getByRole("heading", { name: name.replace("frame", "Frame") }).waitFor();
    expect(new URL(shown.page.url()).searchParams.get("tab")).toBe("frames");
  });

  test("pointing at a frame shows its numbers and its picture, and leaves nothing behind", async () => {
    const shown = await openTab(run, "frames");
    const { page } = shown;
    const box = (await map(shown).boundingBox())!;
    await map(shown).hover({ position: { x: (5.5 / 8) * box.width, y: 40 } });
    await page.getByText("frame 5 of 8").first().waitFor();
    await expect.poll(() => page.locator('img[alt="Frame 5"]').count()).toBe(1);
    expect(await map(shown).getAttribute("aria-valuetext")).toMatch(/^frame 5: .*; field .*, encode /);
    await page.mouse.move(5, 5);
    await expect.poll(() => map(shown).getAttribute("aria-valuetext")).toBe("no frame is chosen");
  });

  test("a click pins, the address follows, and a shared address opens the same card", async () => {
    const shown = await openTab(run, "frames");
    const { page } = shown;
    const box = (await map(shown).boundingBox())!;
    await map(shown).click({ position: { x: (3.5 / 8) * box.width, y: 60 } });
    await page.getByRole("heading", { name: "Frame 3", exact: true }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("frame")).toBe("3");
    const again = await open(new URL(page.url()).pathname + new URL(page.url()).search);
    await again.page.getByRole("heading", { name: "Frame 3", exact: true }).waitFor();
  });

  test("by keys alone: to the map, through the frames, and out again", async () => {
    const shown = await openTab(run, "frames");
    const { page } = shown;
    const heading = (frame: number) => page.getByRole("heading", { name: `Frame ${frame}`, exact: true }).waitFor();
    await page.getByRole("tab", { name: "Frames" }).focus();
    for (let i = 0; i < 12 && !(await map(shown).evaluate((el) => el === document.activeElement)); i++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("End");
    await heading(7);
    await page.keyboard.press("ArrowLeft");
    await heading(6);
    await page.keyboard.press("Home");
    await heading(0);
    await page.keyboard.press("PageDown");
    await heading(7);
    await page.keyboard.press("Escape");
    await page.getByText("Click a column of the map").waitFor();
    await page.keyboard.press("Tab");
    expect(await map(shown).evaluate((el) => el === document.activeElement)).toBe(false);
  });

  test("every tab has a number, and outliers are stepped through by n and p", async () => {
    const { page } = await openTab("passes", "overview");
    for (const [key, name] of ["Overview", "Frames", "Timeline"].entries()) {
      await page.keyboard.press(String(key + 1));
      await page.getByRole("tab", { name, selected: true }).waitFor();
    }
    const single = await openTab("slow", "frames");
    await single.page.keyboard.press("n");
    await single.page.getByRole("heading", { name: "Frame 40", exact: true }).waitFor();
    await single.page.getByText("unexplained").first().waitFor();
    await single.page.keyboard.press("n");
    await single.page.getByRole("heading", { name: "Frame 90", exact: true }).waitFor();
    await single.page.keyboard.press("p");
    await single.page.getByRole("heading", { name: "Frame 40", exact: true }).waitFor();
  });

  test("a record with too many frames gets a sentence, its machine and its raw record", async () => {
    const { page } = await openTab("huge", "frames");
    await page
      .getByText(/has 400 001 frames over its passes/)
      .first()
      .waitFor();
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.getByRole("button", { name: /^▸?\s*run \d+ keys/ }).waitFor();
  });

  test("a frame that the player goes to is the one whose card is open, and the other way round", async () => {
    const shown = await openTab(run, "frames&frame=2");
    const { page } = shown;
    await page.getByRole("heading", { name: "Frame 2", exact: true }).waitFor();
    const player = page.getByRole("region", { name: "Picture" });
    await player.getByText("frame 2", { exact: true }).waitFor();
    await map(shown).focus();
    await page.keyboard.press("ArrowRight");
    await player.getByText("frame 3", { exact: true }).waitFor();
    await player.getByRole("slider").focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("heading", { name: "Frame 4", exact: true }).waitFor();
  });

  test("a frame that was let go is no longer in the address, and looking at another one does not put it there", async () => {
    const shown = await openTab(run, "frames&frame=2");
    const { page } = shown;
    await page.getByRole("heading", { name: "Frame 2", exact: true }).waitFor();
    await page.getByRole("button", { name: "Let go" }).click();
    const box = (await map(shown).boundingBox())!;
    await map(shown).hover({ position: { x: box.width * 0.8, y: 40 } });
    // Longer than the player waits until it writes the address.
    await page.waitForTimeout(600);
    await page.mouse.move(2, 2);
    await page.waitForTimeout(600);
    expect(page.url()).not.toContain("frame=");
    await page.reload();
    await map(shown).waitFor();
    expect(await page.getByRole("heading", { name: /^Frame \d/ }).count()).toBe(0);
  });

  test("one pass of many can be looked at, and the colours can be absolute", async () => {
    const shown = await openTab(run, "frames");
    const { page } = shown;
    await page.getByLabel("Pass", { exact: true }).selectOption("2");
    await expect
      .poll(() =>
        page
          .getByText(/n = 8 frames/)
          .first()
          .textContent(),
      )
      .not.toContain("median of");
    await page.getByText("Absolute").click();
    await page.getByText(/one scale for all stages/).waitFor();
  });

  test("the numbers of every chart are there as a table", async () => {
    const { page } = await openTab(run, "frames");
    await page.getByRole("button", { name: "Table", exact: true }).click();
    expect(await page.getByRole("region", { name: "Stages over frames, table" }).getByRole("row").count()).toBe(9);
  });

  test("the timeline names the span under the pointer, zooms by keys, and pins a frame by click", async () => {
    const { page } = await openTab(run, "timeline&frame=0");
    const chart = page.getByRole("application", { name: /Lanes over time/ });
    await page.getByText(/of .* shown, since the first span; n = 48 frames in 6 passes/).waitFor();
    await chart.focus();
    await page.keyboard.press(".");
    await expect.poll(() => new URL(page.url()).searchParams.get("frame")).toBe("1");
    const box = (await chart.boundingBox())!;
    await chart.hover({ position: { x: box.width / 2, y: 45 } });
    await page.getByText(/lane \d · pass 1 · frame 1 · /).waitFor();
    await page.keyboard.press("Home");
    await page.getByRole("button", { name: "All", exact: true }).click();
  });

  test("the machine says what is missing and why, the server's own too", async () => {
    const { page } = await openTab(run, "machine");
    await page.getByRole("heading", { name: "Processor", exact: true }).waitFor();
    await page.getByText("For quieter numbers").waitFor();
    expect(await page.getByText(/Not available: \d+/).count()).toBeGreaterThan(1);
    const server = await open("/machine");
    await server.page.getByRole("heading", { name: "The machine of this server" }).waitFor();
    await server.page.getByText("For quieter numbers").waitFor();
  });

  test("the raw record opens branch by branch, and its files can be had", async () => {
    const { page } = await openTab(run, "raw");
    await page.getByRole("button", { name: /^▸?\s*run \d+ keys/ }).click();
    await page.getByRole("button", { name: /passes 6 entries/ }).click();
    for (const [name, file] of [
      ["Record, JSON", /\.json$/],
      ["Table, CSV", /\.csv$/],
      ["Report, Markdown", /\.md$/],
      ["Trace", /\.json$/],
      ["Report, one HTML file", /\.html$/],
    ] as const) {
      const download = page.waitForEvent("download");
      await page.getByText(name, { exact: true }).click();
      expect((await download).suggestedFilename()).toMatch(file);
    }
    await page.getByRole("button", { name: "Show the schema" }).click();
    await page
      .getByRole("button", { name: /properties \d+ keys/ })
      .first()
      .waitFor();
  });

  test("another program's record has the same window, and says in every tab what it lacks", async () => {
    const { page } = await openTab("foreign", "overview");
    for (const [tab, words] of [
      ["Overview", /Another program wrote this record/],
      ["Frames", /not available: another program wrote this record/],
      ["Timeline", /Starts of frames were not recorded/],
      ["Machine", /Another program's record has no sensors/],
      ["Raw", /without the animation/i],
    ] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByText(words).first().waitFor();
    }
  });

  test("a run that failed says at which stage and frame, whatever there is of it", async () => {
    for (const id of ["failed", "early"] as const) {
      const { page } = await openTab(id, "overview");
      await page.getByRole("region", { name: "Benchmarks" }).getByText(records[id].error!).first().waitFor();
      await throughTabs(page);
    }
  });

  test("hostile names are shown as the text that they are", async () => {
    const { page } = await openTab("hostile", "overview");
    await throughTabs(page);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    await page.getByText("=1+1</script><img src=x").first().waitFor();
  });

  test("20 passes of 300 frames and 10 000 frames have all tabs, the slowest frame among them", async () => {
    for (const id of ["passes", "long"] as const) {
      const shown = await openTab(id, "frames");
      await map(shown).focus();
      await shown.page.keyboard.press("End");
      const last = id === "long" ? "Frame 9 999" : "Frame 299";
      await shown.page.getByRole("heading", { name: last, exact: true }).waitFor();
      await shown.page.getByRole("tab", { name: "Timeline" }).click();
      await shown.page
        .getByText(id === "long" ? "n = 10 000 frames in 1 pass" : "n = 6 000 frames in 20 passes")
        .waitFor();
    }
  });

  for (const dark of [false, true]) {
    test.each(["overview", "frames", "timeline", "machine", "raw"])(
      `${dark ? "dark" : "light"}: axe finds nothing serious in %s, and nothing is wider than the window`,
      async (tab) => {
        const shown = await openTab(run, tab, { dark });
        const { page } = shown;
        for (const width of [2560, 1440, 768, 360]) {
          await page.setViewportSize({ width, height: 900 });
          const overflow = await page.getByRole("region", { name: "Benchmarks" }).evaluate(async (element) => {
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            return Math.max(0, element.getBoundingClientRect().right - innerWidth, element.scrollWidth - innerWidth);
          });
          expect(overflow).toBe(0);
          if (width === 1440 || width === 360) expect(await shown.findings()).toEqual([]);
          await shown.shot(`benchmarks-${tab}-${width}-${dark ? "dark" : "light"}`, { whole: true });
        }
      },
      60_000,
    );
  }
});

/** 120 frames in one pass, two of them three times as long as the others for no reason that was recorded. */
function slowRecord() {
  const record = longRecord(120, 1);
  record.run.passes = undefined;
  for (const frame of [40, 90]) {
    record.run.frames.pictureNs[frame]! += 15_000_000;
    record.run.frames.wallNs[frame]! += 15_000_000;
  }
  return record;
}

/** More frames than the page looks at, few of them with numbers. */
function hugeRecord() {
  const record = longRecord(4, 1);
  record.run.passes = undefined;
  record.run.frames.frame = Array.from({ length: 400_001 }, (_, i) => i);
  return record;
}
