/** Runs made by the page itself, in Chromium: no server takes part, and the GIF is the one that Node makes. */
import { readFile } from "node:fs/promises";
import { readRecord } from "@volumark/measure";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, makeRun, openStudio, type Studio, WHY_SKIPPED } from "./browser.ts";

describe.skipIf(!CHROMIUM)(`a run in the page${WHY_SKIPPED}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
  });
  const SETTINGS = { scene: "seed", dimension: 32, width: 320, height: 240, frames: 12, fps: 12.5 };
  const ADDRESS = "/?preset=seed&dimension=32&width=320&height=240&frames=12&fps=12.5";

  test.each([1, 3])(
    "on %i lanes, by key alone, without a request: the same GIF as the server's",
    async (lanes) => {
      const id = await makeRun(studio.server.address, SETTINGS);
      const stored = (await (await fetch(`${studio.server.address}/api/runs/${id}`)).json()) as {
        result: { outputHash: string };
        settingsHash: string;
      };
      const view = await studio.open(`${ADDRESS}&lanes=${lanes}`);
      const { page } = view;
      await page.getByRole("button", { name: "Run here" }).waitFor();
      const asked: string[] = [];
      page.on("request", (request) => request.method() !== "GET" && asked.push(request.url()));
      // Small runs may be over before anybody could look; that pictures come is seen in the test of a long one.
      await page.keyboard.press("h");
      await page.getByRole("region", { name: "This run is only here" }).waitFor();
      expect(page.url()).toContain("run=local");
      expect(asked).toEqual([]);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save record" }).click();
      const result = await readRecord(await readFile((await (await download).path())!, "utf8"));
      if (result.status !== "record") throw new Error(`it is ${result.status}`);
      const { run } = result.record;
      expect(run.outputHash).toBe(stored.result.outputHash);
      expect(run.settingsHash).toBe(stored.settingsHash);
      expect(run.lanes).toBe(lanes);
      expect(run.frames.frame).toHaveLength(12);
      expect(run.timer.resolutionNs).toBeGreaterThan(0);
      expect(result.record.benchmark_data.system_info.platform.runtime).toBe("chromium");
      expect(await view.findings()).toEqual([]);
      await view.shot(`here-${lanes}`);
      expect(view.problems).toEqual([]);
      await view.close();
    },
    90_000,
  );

  test("several passes have an interval and can be compared with the server's run", async () => {
    const id = await makeRun(studio.server.address, SETTINGS, { passes: 6 });
    const view = await studio.open(`${ADDRESS}&lanes=2&passes=6`);
    const { page } = view;
    await page.getByRole("button", { name: "Run here" }).click();
    await page.getByRole("region", { name: "This run is only here" }).waitFor();
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByLabel(/^Baseline/).selectOption(id);
    await page.getByText("The same work: equal settings, equal bytes of the GIF.").waitFor();
    await page.getByText("Every pixel of this frame is equal.").waitFor();
    await view.shot("here-compared", { whole: true });
    expect(await view.findings()).toEqual([]);
    expect(view.problems).toEqual([]);
    await view.close();
  }, 90_000);

  test("shows pictures while it is made, and cancelled half way it keeps what is done", async () => {
    const view = await studio.open("/?preset=seed&dimension=96&width=640&height=480&frames=400&lanes=2");
    const { page } = view;
    await page.getByRole("button", { name: "Run here" }).click();
    await page.getByText(/^[1-9]\d* of 400 frames/).waitFor();
    await page.getByRole("dialog").locator("canvas").waitFor();
    expect(await view.findings()).toEqual([]);
    await view.shot("here-running");
    await page.getByRole("button", { name: "Cancel, keep what is done" }).click();
    await page.getByText(/Cancelled before frame/).waitFor();
    await view.shot("here-cancelled");
    expect(view.problems).toEqual([]);
    await view.close();
  }, 90_000);
});
