/** Files that are dropped on the page, good and bad, in Chromium against the real server. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, openStudio, type Studio, type StudioPage, WHY_SKIPPED } from "./browser.ts";

const RECORDS = new URL("../records/0.1.0/", import.meta.url).pathname;

describe.skipIf(!CHROMIUM)(`dropped files${WHY_SKIPPED}`, () => {
  let studio: Studio;
  let folder: string;
  beforeAll(async () => {
    studio = await openStudio();
    folder = await mkdtemp(join(tmpdir(), "volumark-files-"));
  }, 60_000);
  afterAll(async () => {
    await studio?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A page that hears keys and files. */
  async function open(path: string, width = 1440): Promise<StudioPage> {
    const view = await studio.open(path, { width });
    await view.page.getByRole("navigation").waitFor();
    return view;
  }
  const choose = (page: Page, ...paths: string[]) => page.getByLabel("Record file").setInputFiles(paths);
  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }
  /** As a person drops it: on the page, with the events that a browser sends. */
  async function drop(page: Page, name: string, content: string): Promise<void> {
    await page.evaluate(
      ([name, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content!], name!, { type: "application/json" }));
        const fire = (type: string) =>
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        fire("dragover");
        fire("drop");
      },
      [name, content],
    );
  }

  test.each(["once.json", "passes.json", "gyroid.json", "failed.json", "foreign.json"])(
    "%s opens in the benchmarks window without being sent anywhere",
    async (name) => {
      const view = await open("/machine");
      const { page } = view;
      const sent: string[] = [];
      page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
      await drop(page, name, await readFile(join(RECORDS, name), "utf8"));
      await page.getByRole("region", { name: "Benchmarks" }).waitFor();
      await page.getByRole("region", { name: "This run is only here" }).waitFor();
      expect(page.url()).toContain("run=local");
      expect(await view.findings()).toEqual([]);
      await view.shot(`local-${name.replace(".json", "")}`);
      expect(sent).toEqual([]);
      expect(view.problems).toEqual([]);
      await view.close();
    },
    60_000,
  );

  test("by key O a file is chosen, and two at once are compared in the page", async () => {
    const view = await open("/");
    const { page } = view;
    // Before anything else: the browser hears of it in another process than of the key.
    const chooser = page.waitForEvent("filechooser");
    // The keys are there with the view.
    await page.getByRole("button", { name: /^Run/ }).first().waitFor();
    await page.keyboard.press("o");
    await (await chooser).setFiles([join(RECORDS, "once.json"), join(RECORDS, "foreign.json")]);
    await page.getByRole("region", { name: "Answer" }).waitFor();
    await page.getByText("Another program wrote this record").waitFor();
    expect(page.url()).toMatch(/compare\?a=local.+&b=local/);
    expect(await view.findings()).toEqual([]);
    await view.shot("local-compared", { whole: true });
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("kept on the server, it is a run like any other", async () => {
    const view = await open("/");
    const { page } = view;
    await choose(page, join(RECORDS, "passes.json"));
    await page.getByRole("button", { name: "Keep it on the server" }).click();
    await expect.poll(() => page.url()).not.toContain("local");
    await page.getByRole("region", { name: "Benchmarks" }).waitFor();
    await page.getByRole("link", { name: "Runs" }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBeGreaterThan(0);
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("loaded again, the page says in a sentence that it no longer holds the file, and takes it again", async () => {
    const view = await open("/");
    const { page } = view;
    await choose(page, join(RECORDS, "once.json"));
    await expect.poll(() => page.url()).toContain("run=local");
    await page.reload();
    await page.getByRole("status").filter({ hasText: "This run is no longer held" }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await view.shot("local-lost");
    expect(await view.findings()).toEqual([]);
    await choose(page, join(RECORDS, "once.json"));
    await page.getByRole("region", { name: "Benchmarks" }).waitFor();
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("what is saved is the file that was dropped, byte for byte", async () => {
    const view = await open("/");
    const { page } = view;
    await choose(page, join(RECORDS, "once.json"));
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save record" }).click();
    const saved = await readFile((await (await download).path())!);
    expect(saved.equals(await readFile(join(RECORDS, "once.json")))).toBe(true);
    await view.close();
  }, 60_000);

  const huge = "x".repeat(400);
  test.each([
    ["broken JSON", "broken.json", '{"type":"gif_animation", "fps": ', "ends in the middle"],
    ["something else", "else.json", '{"hello":"world"}', 'not "gif_animation"'],
    ["a newer schema", "newer.json", '{"type":"gif_animation","schema":"volumark.record/7"}', "Use a newer version"],
    ["a picture", "picture.json", "GIF89a\u0000\u0000", "it is not text"],
    ["nothing", "empty.json", "", "the text is empty"],
    [
      "a million frames",
      "million.json",
      `{"type":"gif_animation","benchmark_data":{"individual_frame_times":[${"0.1,".repeat(999_999)}0.1]}}`,
      "1 000 000 frames",
    ],
  ])(
    "%s gives a sentence and the page goes on",
    async (_what, name, content, reason) => {
      const view = await open("/machine");
      const { page } = view;
      await choose(page, await file(name, content));
      const alert = page.getByRole("dialog").getByRole("alert");
      await alert.waitFor();
      expect(await alert.textContent()).toContain(reason);
      expect(await view.findings()).toEqual([]);
      await view.shot(`refused-${name.replace(".json", "")}`);
      await page.keyboard.press("Escape");
      await alert.waitFor({ state: "detached" });
      await page.getByRole("link", { name: "Runs" }).click();
      await page.getByRole("heading", { name: "Runs", exact: true }).waitFor();
      expect(view.problems).toEqual([]);
      await view.close();
    },
    60_000,
  );

  test("hostile strings in a record and its name are text, one line of it, and nothing runs", async () => {
    const record = JSON.parse(await readFile(join(RECORDS, "once.json"), "utf8"));
    const evil = `\u202e<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>${huge}`;
    record.run.settings.scene.name = evil;
    record.run.environment[evil] = { [evil]: { available: true, value: evil, source: evil } };
    record.benchmark_data.system_info.cpu.name = evil;
    record.run.warnings = [{ code: evil, evidence: evil, action: evil }];
    record.gif_filename = evil;
    const view = await open("/", 768);
    const { page } = view;
    await drop(page, `${evil}.json`, JSON.stringify(record));
    await page.getByRole("region", { name: "Benchmarks" }).waitFor();
    for (const tab of ["Overview", "Frames", "Timeline", "Compare", "History", "Machine", "Raw"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.waitForTimeout(150);
      expect([tab, await view.overflow()]).toEqual([tab, 0]);
    }
    expect(await page.evaluate(() => "hacked" in globalThis || document.querySelector("img[src=x]") !== null)).toBe(
      false,
    );
    expect(await page.locator("main").innerText()).not.toContain("\u202e");
    await view.shot("local-hostile");
    expect(view.problems).toEqual([]);
    await view.close();
  }, 60_000);

  test("a record of 200 MB is read beside the page, which answers meanwhile, and can be cancelled", async () => {
    const record = JSON.parse(await readFile(join(RECORDS, "once.json"), "utf8"));
    const gif = Buffer.alloc(42_000_000, 7);
    Buffer.from(record.gif_data, "base64").copy(gif);
    record.gif_data = gif.toString("base64");
    record.file_size_bytes = gif.length;
    const { gif_bytestream: _, ...rest } = record;
    const text = JSON.stringify({ ...rest, gif_bytestream: 0 });
    const [head, tail] = text.split('"gif_bytestream":0');
    const large = await file("large.json", `${head}"gif_bytestream":[${[...gif].join(",  ")}]${tail}`);
    const view = await open("/machine");
    const { page } = view;
    await page.evaluate(() => {
      const seen = { longest: 0 };
      Object.assign(globalThis, { seen });
      let before = performance.now();
      setInterval(() => {
        seen.longest = Math.max(seen.longest, performance.now() - before);
        before = performance.now();
      }, 10);
    });
    await choose(page, large);
    await page.getByText(/of memory/).waitFor();
    await view.shot("local-reading");
    await page.getByRole("region", { name: "This run is only here" }).waitFor({ timeout: 60_000 });
    const longest = await page.evaluate(() => (globalThis as unknown as { seen: { longest: number } }).seen.longest);
    // Reading takes seconds; a page that did it itself would have stood still as long.
    expect(longest).toBeLessThan(1000);
    await choose(page, large);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(view.problems).toEqual([]);
    await view.close();
  }, 180_000);
});
