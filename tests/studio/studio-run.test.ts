/** A run from the button to its end, and every state on the way, in a real browser against the real server. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, makeRun, openStudio, type Studio, type StudioPage, WHY_SKIPPED } from "./browser.ts";

const SMALL = "dimension=16&width=160&height=120&fps=10";
/** So many frames of 100 ms each: long enough to be watched. */
const SLOW = `${SMALL}&frames=40`;

describe.skipIf(!CHROMIUM)(`the studio, a run${WHY_SKIPPED}`, () => {
  let studio: Studio;
  let open: StudioPage | null = null;
  beforeAll(async () => {
    studio = await openStudio();
  }, 60_000);
  afterEach(async () => {
    delete process.env.VOLUMARK_FAULT;
    await open?.close();
    open = null;
  });
  afterAll(() => studio?.close());

  async function show(path: string, options = {}): Promise<Page> {
    open = await studio.open(path, options);
    return open.page;
  }
  const status = (page: Page, name: string) =>
    page
      .getByText(new RegExp(`^${name}`))
      .last()
      .waitFor();

  test("the first time there is one button; pressed by its key, frames come as pictures, then the animation stands there", async () => {
    process.env.VOLUMARK_FAULT = "slow@100";
    const page = await show(`/?${SLOW}`);
    await page.getByRole("heading", { name: "Make the first animation" }).waitFor();
    expect(await open!.findings()).toEqual([]);
    await page.keyboard.press("r");
    await page.getByAltText(/^Frame \d+ as it was made/).waitFor();
    await page.getByRole("progressbar", { name: "Done so far" }).waitFor();
    await page
      .getByText(/about .* left/)
      .first()
      .waitFor();
    expect(await page.getByRole("img", { name: /^Stage times of \d+ frames/ }).count()).toBe(1);
    expect(await open!.findings()).toEqual([]);
    expect(new URL(page.url()).searchParams.get("run")).toMatch(/\S{8}/);
    await status(page, "Finished");
    await page.getByRole("slider", { name: "Frame", exact: true }).waitFor();
    expect(await page.locator("output").first().textContent()).toContain("of 40");
    await page.getByRole("region", { name: "Benchmarks" }).waitFor();
    expect(await open!.findings()).toEqual([]);
    expect(open!.problems).toEqual([]);
  });

  test("without an address the last animation stands there", async () => {
    const id = await makeRun(studio.server.address, { scene: "blobs" });
    const page = await show("/");
    await page.getByRole("slider", { name: "Frame", exact: true }).waitFor();
    expect(await page.getByRole("link", { name: "Download the GIF" }).getAttribute("href")).toContain(id);
  });

  test("cancelled, it keeps the frames that were made", async () => {
    process.env.VOLUMARK_FAULT = "slow@150";
    const page = await show(`/?${SMALL}&frames=40&show=live`);
    await page.getByRole("button", { name: "Run ▸" }).click();
    await page.getByAltText(/^Frame \d+ as it was made/).waitFor();
    await page.keyboard.press("x");
    await status(page, "Cancelled");
    await page
      .getByText(/\d+ of 40\sframes kept/)
      .first()
      .waitFor();
    await page.getByRole("slider", { name: "Frame", exact: true }).waitFor();
    const kept = Number(/of (\d+)/.exec((await page.locator("output").first().textContent())!)![1]);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(40);
    expect(await open!.findings()).toEqual([]);
  });

  test("failed, it says stage, frame and cause", async () => {
    process.env.VOLUMARK_FAULT = "surface@3";
    const page = await show(`/?${SMALL}&frames=6&show=live`);
    await page.getByRole("button", { name: "Run ▸" }).click();
    const alert = page.getByRole("alert");
    await alert.filter({ hasText: "Failed" }).waitFor();
    expect(await alert.first().textContent()).toMatch(/surface.*frame 3|frame 3.*surface/i);
    expect(await open!.findings()).toEqual([]);
  });

  test("several passes warm up first, and say which pass it is", async () => {
    process.env.VOLUMARK_FAULT = "slow@60";
    const page = await show(`/?${SMALL}&frames=5&passes=4&show=live`);
    await page.getByRole("button", { name: "Run ▸" }).click();
    await page.getByText("Warming up").first().waitFor();
    await page
      .getByText(/pass \d of 4/)
      .first()
      .waitFor();
    await status(page, "Finished");
  });

  test("its worker says nothing any more: since when, and what happens next, in place of a time that is left", async () => {
    process.env.VOLUMARK_FAULT = "slow@100";
    const silence = { silentMs: 12_000, freeInMs: 18_000 };
    const page = await show(`/?${SMALL}&frames=400`, {
      prepare: (opened: Page) =>
        opened.route(/\/api\/runs\/[\w-]+$/, async (route) => {
          if (route.request().method() !== "GET") return route.continue();
          const answer = await route.fetch();
          const run = (await answer.json()) as { status: string };
          await route.fulfill({ response: answer, json: run.status === "running" ? { ...run, silence } : run });
        }),
    });
    await page.getByRole("button", { name: "Run ▸" }).click();
    await page
      .getByText("for 12 s: it may be dead, or the way to it broken; in 18 s another may take it.")
      .first()
      .waitFor();
    expect(await page.getByText(/about .* left/).count()).toBe(0);
    expect(await open!.findings()).toEqual([]);
    await open!.shot("studio-silent");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.keyboard.press("x");
    await status(page, "Cancelled");
  });

  test("behind another run it waits with its place in the queue, and may be cancelled there", async () => {
    process.env.VOLUMARK_FAULT = "slow@200";
    const body = JSON.stringify({ settings: { scene: "seed", dimension: 16, frames: 60, width: 64, height: 48 } });
    const headers = { "content-type": "application/json" };
    const ids: string[] = [];
    for (let i = 0; i < 2; i++) {
      const answer = await fetch(`${studio.server.address}/api/runs`, { method: "POST", headers, body });
      ids.push(((await answer.json()) as { id: string }).id);
    }
    const page = await show(`/?${SMALL}&frames=4&show=live`);
    await page.getByRole("button", { name: "Run these settings next" }).click();
    await page
      .getByText(/Waiting/)
      .first()
      .waitFor();
    await page
      .getByText(/1\srun before it/)
      .first()
      .waitFor();
    expect(await open!.findings()).toEqual([]);
    await page.getByRole("button", { name: "Cancel and keep what is done" }).click();
    await status(page, "Cancelled");
    for (const id of ids) await fetch(`${studio.server.address}/api/runs/${id}/cancel`, { method: "POST" });
  });

  test("the server goes and comes back: it is said, and the stream is taken up to the run's end", async () => {
    process.env.VOLUMARK_FAULT = "slow@150";
    const page = await show(`/?${SMALL}&frames=14&show=live`);
    await page.getByRole("button", { name: "Run ▸" }).click();
    await page.getByAltText(/^Frame \d+ as it was made/).waitFor();
    await studio.stopServer();
    await page.getByText("The server can't be reached.").waitFor();
    expect(await open!.findings()).toEqual([]);
    await studio.startServer();
    await page.getByText("The server can't be reached.").waitFor({ state: "detached" });
    await status(page, "Finished");
    await page.getByText("of 14").first().waitFor();
  });

  test("a page that is opened while the server is away comes back with it", async () => {
    const page = await show("/");
    await page.getByRole("button", { name: "Run ▸" }).waitFor();
    await page.route("**/api/presets", (route) => route.abort());
    await page.reload();
    await page.getByText("The server can't be reached").waitFor();
    expect(await open!.findings()).toEqual([]);
    await page.unroute("**/api/presets");
    await page.getByRole("button", { name: "Run ▸" }).waitFor();
  });

  test("a run that there is not is said in a sentence, with a way to try again", async () => {
    const page = await show("/?run=no-such-run-anywhere");
    await page.getByRole("alert").filter({ hasText: "can't be shown" }).waitFor();
    expect(await page.getByRole("button", { name: "Run ▸" }).count()).toBe(1);
    expect(await open!.findings()).toEqual([]);
  });
});
