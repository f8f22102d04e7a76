/** The list of runs and what is done with it, in Chromium against the real server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, makeRun, openStudio, type Studio, type StudioPage, WHY_SKIPPED } from "./browser.ts";

describe.skipIf(!CHROMIUM)(`the list of runs${WHY_SKIPPED}`, () => {
  let studio: Studio;
  const ids: string[] = [];
  beforeAll(async () => {
    studio = await openStudio();
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
  });
  const rows = ({ page }: StudioPage) => page.locator("tbody tr");

  test("without runs says what to do, and the first one appears", async () => {
    const view = await studio.open("/runs");
    await view.page.getByRole("heading", { name: "No runs yet" }).waitFor();
    expect(await view.findings()).toEqual([]);
    await view.shot("runs-empty");
    ids.push(await makeRun(studio.server.address));
    ids.push(await makeRun(studio.server.address, { scene: "gyroid", frames: 4 }));
    ids.push(await makeRun(studio.server.address, { dimension: 24 }));
    await view.page.reload();
    await expect.poll(() => rows(view).count()).toBe(3);
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test.each([
    [360, false],
    [768, true],
    [1440, false],
    [2560, true],
  ])(
    "fits %i pixels, dark: %s, and axe-core finds nothing serious",
    async (width, dark) => {
      const view = await studio.open("/runs", { width, dark });
      await expect.poll(() => rows(view).count()).toBe(3);
      expect(await view.overflow()).toBeLessThanOrEqual(0);
      expect(await view.findings()).toEqual([]);
      await view.shot(`runs-${width}-${dark ? "dark" : "light"}`);
      expect(view.problems).toEqual([]);
      await view.close();
    },
    60_000,
  );

  test("filter, order and choice stand in the address, and a reload gives the same", async () => {
    const view = await studio.open("/runs");
    const { page } = view;
    await page.getByLabel("Find").fill("gyr");
    await expect.poll(() => rows(view).count()).toBe(1);
    await expect.poll(() => page.url()).toContain("text=gyr");
    await page.reload();
    await expect.poll(() => rows(view).count()).toBe(1);
    await page.getByLabel("Find").fill("nothing like it");
    await page.getByText("No run fits what is asked for").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("button", { name: /^Frames/ }).click();
    await expect.poll(() => page.url()).toContain("sort=frames");
    await expect.poll(() => rows(view).first().textContent()).toContain("gyroid");
    await page.getByRole("button", { name: /^Frames/ }).click();
    await expect.poll(() => rows(view).last().textContent()).toContain("gyroid");
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("by keyboard alone: two runs are found, chosen and compared", async () => {
    const view = await studio.open("/runs");
    const { page } = view;
    await expect.poll(() => rows(view).count()).toBe(3);
    await page.keyboard.press("/");
    await page.keyboard.type("seed");
    await expect.poll(() => rows(view).count()).toBe(2);
    for (let chosen = 0; chosen < 2; ) {
      await page.keyboard.press("Tab");
      const isBox = await page.evaluate(() => document.activeElement?.getAttribute("type") === "checkbox");
      if (isBox) {
        await page.keyboard.press("Space");
        chosen++;
      }
    }
    await page.getByText("2 runs chosen").waitFor();
    await view.shot("runs-chosen");
    await page.keyboard.press("c");
    await page.getByRole("heading", { name: "Compare", exact: true }).waitFor();
    expect(page.url()).toMatch(/\/compare\?a=.+&b=.+/);
    await page.getByText("Not the same work: the settings differ.").waitFor();
    await view.close();
  }, 60_000);

  test("a run is deleted only after a yes, and is gone", async () => {
    const view = await studio.open("/runs");
    const { page } = view;
    await page.getByRole("button", { name: /^Delete gyroid/ }).click();
    await page.getByText("This can't be undone").waitFor();
    expect(await view.findings()).toEqual([]);
    await view.shot("runs-delete");
    await page.getByRole("button", { name: "Keep" }).click();
    expect(await rows(view).count()).toBe(3);
    await page.getByRole("button", { name: /^Delete gyroid/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect.poll(() => rows(view).count()).toBe(2);
    const answer = await fetch(`${studio.server.address}/api/runs/${ids[1]}`);
    expect(answer.status).toBe(404);
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("a run that waits or is made shows it, and its result when it is done", async () => {
    const view = await studio.open("/runs");
    const { page } = view;
    const made = makeRun(studio.server.address, { dimension: 64, frames: 200, width: 512, height: 384 });
    await page.reload();
    await page.locator("tbody").getByText("running").first().waitFor({ timeout: 20_000 });
    await view.shot("runs-live");
    await made;
    await expect.poll(() => page.locator("tbody").getByText("running").count(), { timeout: 15_000 }).toBe(0);
    await expect.poll(() => rows(view).first().textContent()).toContain("finished");
    await view.close();
  }, 90_000);

  test("when the server is gone the list says so and comes back", async () => {
    const view = await studio.open("/runs");
    await expect.poll(() => rows(view).count()).toBeGreaterThan(0);
    await studio.stopServer();
    const again = await view.page.context().newPage();
    await again.close();
    await studio.startServer();
    await view.page.reload();
    await expect.poll(() => rows(view).count()).toBeGreaterThan(0);
    await view.close();
  }, 60_000);
});
