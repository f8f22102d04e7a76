/** The engine in a browser: the same settings give the same GIF bytes as in Node. */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { createAnimation, sha256Hex } from "@volumark/engine";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "./programs.ts";

const CHROMIUM = findProgram(process.env.CHROMIUM ?? "chromium", ["chromium-browser", "google-chrome"]);
const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const ENGINE = new URL("../packages/engine/dist/", import.meta.url).pathname;
const PAGE = `<!doctype html><title>engine</title>
<script type="module">import * as engine from "/index.js"; globalThis.engine = engine;</script>`;
const TYPES: Record<string, string> = { ".js": "text/javascript", ".html": "text/html" };

const name = CHROMIUM ? "engine in Chromium" : "engine in Chromium (skipped: no chromium on the PATH; set CHROMIUM)";
describe.skipIf(!CHROMIUM)(name, () => {
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
      try {
        const body = path === "/" ? PAGE : await readFile(join(ENGINE, path));
        response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: FLAGS.split(" ") });
  }, 60_000);
  async function openEngine(): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("globalThis.engine");
    return page;
  }
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  for (const input of [
    { scene: "seed", dimension: 32, width: 512, height: 384, frames: 30, fps: 30 },
    { scene: "seed", dimension: 48, width: 160, height: 120, frames: 4, fps: 12.5 },
  ]) {
    test(`${input.frames} frames at dimension ${input.dimension} have the hash that Node gives`, async () => {
      const page = await openEngine();
      const inBrowser = await page.evaluate(async (settings) => {
        const { engine } = globalThis as unknown as { engine: typeof import("@volumark/engine") };
        return engine.sha256Hex(await engine.createAnimation(settings).toGif());
      }, input);
      await page.close();
      expect(inBrowser).toBe(sha256Hex(await createAnimation(input).toGif()));
    });
  }

  test("every preset has the hash that Node gives, on a small picture", async () => {
    const page = await openEngine();
    const settings = { dimension: 32, width: 128, height: 96, frames: 3, fps: 3 };
    const inBrowser = await page.evaluate(async (settings) => {
      const { engine } = globalThis as unknown as { engine: typeof import("@volumark/engine") };
      const hashes: Record<string, string> = {};
      for (const scene of engine.PRESETS) {
        hashes[scene.name] = engine.sha256Hex(await engine.createAnimation({ ...settings, scene }).toGif());
      }
      return hashes;
    }, settings);
    await page.close();
    expect(Object.keys(inBrowser).length).toBeGreaterThanOrEqual(5);
    for (const [scene, hash] of Object.entries(inBrowser)) {
      expect([scene, hash]).toEqual([scene, sha256Hex(await createAnimation({ ...settings, scene }).toGif())]);
    }
  });
});
