/** The settings form in a real browser: what is typed, what is wrong with it, what it becomes. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, makeRun, openStudio, type Studio, type StudioPage, WHY_SKIPPED } from "./browser.ts";

describe.skipIf(!CHROMIUM)(`the studio, its form${WHY_SKIPPED}`, () => {
  let studio: Studio;
  let open: StudioPage | null = null;
  beforeAll(async () => {
    studio = await openStudio();
    await makeRun(studio.server.address);
  }, 60_000);
  afterEach(async () => {
    await open?.close();
    open = null;
  });
  afterAll(() => studio?.close());

  async function show(path = "/", options = {}): Promise<Page> {
    open = await studio.open(path, options);
    await open.page.getByRole("button", { name: "Run ▸" }).waitFor();
    return open.page;
  }
  const words = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

  test("what is typed stands in the address, and the same address gives the same form", async () => {
    const page = await show();
    await page.getByRole("textbox", { name: "Dimension" }).fill("64");
    await page.getByRole("textbox", { name: "Ring height" }).fill("-0.25");
    await page.getByRole("checkbox", { name: /Verify/ }).check();
    await expect.poll(() => words(page)).toMatchObject({ dimension: "64", torusAltitude: "-0.25", verify: "true" });
    await page.reload();
    await expect.poll(() => page.getByRole("textbox", { name: "Dimension" }).inputValue()).toBe("64");
    expect(await page.getByRole("textbox", { name: "Ring height" }).inputValue()).toBe("-0.25");
    expect(await page.getByRole("checkbox", { name: /Verify/ }).isChecked()).toBe(true);
    await page.getByRole("textbox", { name: "Dimension" }).fill("32");
    await expect.poll(() => words(page)).not.toHaveProperty("dimension");
  });

  test("a wrong number is said as it is typed, and keeps the run from starting", async () => {
    const page = await show();
    await page.getByRole("textbox", { name: "Dimension" }).fill("3");
    await page.getByText("dimension must be a whole number from 4 to 2048, got 3").first().waitFor();
    expect(await page.getByRole("button", { name: "Run ▸" }).getAttribute("aria-disabled")).toBe("true");
    expect(await page.getByRole("textbox", { name: "Dimension" }).getAttribute("aria-invalid")).toBe("true");
    expect(await open!.findings()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Studio" }).press("r");
    expect(words(page)).not.toHaveProperty("run");
    await page.getByRole("textbox", { name: "Dimension" }).fill("1.5e");
    await page.getByText('dimension must be a number, got "1.5e"').waitFor();
    await page.getByRole("textbox", { name: "Dimension" }).fill("600");
    const refusal = page.getByText("dimension is 600 and this server allows 512. Lower it.", { exact: true });
    await expect.poll(() => refusal.count(), { message: "at the button and at the field" }).toBe(2);
  });

  test("what only the server refuses is said in its own sentence", async () => {
    const page = await show("/?dimension=512&width=1280&height=960&frames=10000&passes=1000");
    await page.getByRole("button", { name: "Run ▸" }).click();
    const said = (await page.getByRole("alert").first().textContent())!;
    expect(said.length).toBeGreaterThan(20);
    expect(said).toMatch(/\d/);
  });

  test("parameters are there only where the scene has them, and another scene keeps the sizes", async () => {
    const page = await show("/?frames=12&torusAltitude=0.5");
    expect(await page.getByText("Shape", { exact: true }).count()).toBe(1);
    await page.getByRole("radio", { name: "gyroid" }).check({ force: true });
    await expect.poll(() => words(page)).toMatchObject({ preset: "gyroid", frames: "12" });
    expect(await page.getByText("Shape", { exact: true }).count()).toBe(0);
    expect(await page.getByRole("textbox", { name: "Dimension" }).inputValue()).toBe("96");
    expect(words(page)).not.toHaveProperty("torusAltitude");
  });

  test("a run fills the form with its settings, and what the form can't show is kept and named", async () => {
    const { preset } = await import("@volumark/engine");
    const scene = { ...preset("gyroid"), name: "mine" };
    const id = await makeRun(
      studio.server.address,
      { scene, frames: 4 },
      { passes: 2, verify: true, backend: "reference" },
    );
    const page = await show(`/?run=${id}&frames=9&torusAltitude=0.5`);
    await page.getByRole("button", { name: "Run again with these settings" }).click();
    await expect
      .poll(() => words(page))
      .toEqual({
        ...{ run: id, from: id, width: "160", height: "120", frames: "4", fps: "10" },
        ...{ passes: "2", lanes: "1", verify: "true", backend: "reference" },
      });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Run ▸");
    const kept = page.getByRole("region", { name: "Kept from a run" });
    await kept.getByText("Scene mine, which is no preset").waitFor();
    expect(await open!.findings()).toEqual([]);
    await page.reload();
    await kept.getByText("Back end reference").waitFor();
    expect(await page.getByRole("textbox", { name: "Frames" }).inputValue()).toBe("4");
    await page.getByRole("button", { name: "Run ▸" }).click();
    await expect.poll(() => words(page).run).not.toBe(id);
    const settings = async (one: string) =>
      ((await (await fetch(`${studio.server.address}/api/runs/${one}`)).json()) as { settings: unknown }).settings;
    expect(await settings(words(page).run!)).toEqual(await settings(id));
    await page.getByRole("radio", { name: "seed" }).check({ force: true });
    await expect.poll(() => words(page)).not.toHaveProperty("from");
    await kept.getByRole("button", { name: "Leave out" }).click();
    await expect.poll(() => words(page)).not.toHaveProperty("backend");
    expect(await kept.count()).toBe(0);
    expect(open!.problems).toEqual([]);
  });

  test("a scene whose run is gone is said, and no other is made in its place", async () => {
    const page = await show("/?from=local:gone");
    await page.getByText(/The scene can't be taken from the run that the address names/).waitFor();
    expect(await page.getByRole("button", { name: "Run ▸" }).getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("radio", { name: "blobs" }).check({ force: true });
    await expect.poll(() => words(page)).toEqual({ preset: "blobs" });
    expect(await page.getByRole("button", { name: "Run ▸" }).getAttribute("aria-disabled")).toBe("false");
  });

  test("arrow keys in a number and on its slider change it by its step", async () => {
    const page = await show();
    await page.getByRole("textbox", { name: "Frames" }).press("ArrowUp");
    await expect.poll(() => words(page)).toMatchObject({ frames: "31" });
    await page.getByRole("slider", { name: "Frames, slider" }).press("ArrowLeft");
    await expect.poll(() => words(page)).not.toHaveProperty("frames");
  });

  test("the command line does the same, and its key copies it", async () => {
    const page = await show("/?preset=blobs&frames=5&fps=12.5", {
      context: { permissions: ["clipboard-read", "clipboard-write"] },
    });
    const command = "volumark run --preset blobs --frames 5 --fps 12.5";
    await page.getByText(command).waitFor();
    await page.getByRole("heading", { name: "Studio" }).press("c");
    await page.getByText("Copied").first().waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
  });

  test("by keyboard alone: from the first Tab to a finished run", async () => {
    const page = await show("/?dimension=16&width=160&height=120&frames=4&show=live");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Skip to the view");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement!);
        return { text: document.activeElement?.textContent, outline: `${style.outlineStyle} ${style.outlineWidth}` };
      });
      expect(focused.outline).toBe("solid 2px");
      if (focused.text === "Run ▸") break;
    }
    await page.keyboard.press("Enter");
    await page
      .getByText(/^Finished/)
      .last()
      .waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.getByText("Live view or animation").waitFor();
    expect(await open!.findings()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/machine");
    expect(open!.problems).toEqual([]);
  });
});
