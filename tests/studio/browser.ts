/**
 * The page in a real browser against the real server: a server on a folder of its own, Chromium, and pages that keep what a
 * person would not see: errors of scripts, what the content policy refused, what axe-core finds.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { type RunningServer, type StartOptions, startServer } from "../../packages/volumark/dist/server/start.js";
import { findProgram } from "../programs.ts";

export const CHROMIUM = findProgram(process.env.CHROMIUM ?? "chromium", ["chromium-browser", "google-chrome"]);
/** For the names of suites: why they are skipped. */
export const WHY_SKIPPED = CHROMIUM ? "" : " (skipped: no chromium on the PATH; set CHROMIUM)";
const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
/** Where `shot` leaves its pictures; not under version control. */
const SHOTS = new URL("../../.cache/shots/", import.meta.url).pathname;

export interface Studio {
  readonly server: RunningServer;
  readonly browser: Browser;
  /** A page in a context of its own; `path` from the root of the server. */
  open(path?: string, options?: OpenOptions): Promise<StudioPage>;
  /** Ends the server and starts it again at the same address, with the same data. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly still?: boolean;
  readonly context?: BrowserContextOptions;
  /** Before the address is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface StudioPage {
  readonly page: Page;
  /** Errors of scripts, messages of the console, and what the content policy refused, as they came. */
  readonly problems: string[];
  /** What axe-core finds that is serious or critical, a line each. */
  findings(): Promise<string[]>;
  /** How many pixels the page is wider than the window. */
  overflow(): Promise<number>;
  /** The path of the picture. */
  shot(name: string, options?: { readonly whole?: boolean }): Promise<string>;
  close(): Promise<void>;
}

/** A run of a small animation, made and stored; its id. */
export async function makeRun(
  address: string,
  settings: Readonly<Record<string, unknown>> = {},
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const response = await fetch(`${address}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      settings: { scene: "seed", dimension: 16, width: 160, height: 120, frames: 6, fps: 10, ...settings },
      options: { lanes: 1, ...options },
    }),
  });
  if (!response.ok) throw new Error(`the run was refused: ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  for (;;) {
    const run = (await (await fetch(`${address}/api/runs/${id}`)).json()) as { status: string; reason: string | null };
    if (run.status === "finished") return id;
    if (run.status === "failed" || run.status === "cancelled") throw new Error(`the run ${run.status}: ${run.reason}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts both. `options` are those of the server. */
export async function openStudio(options: StartOptions = {}): Promise<Studio> {
  const folder = await mkdtemp(join(tmpdir(), "volumark-studio-"));
  const start = (port: number) =>
    startServer({ log: null, graceMs: 200, lanes: 1, dataFolder: folder, ...options, port });
  let server = await start(0);
  const port = Number(new URL(server.address).port);
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: FLAGS.split(" ") });
  return {
    get server() {
      return server;
    },
    browser,
    open: (path = "/", given = {}) => openPage(browser, `${server.address}${path}`, given),
    stopServer: () => server.close("the test stops it"),
    async startServer() {
      server = await start(port);
    },
    async close() {
      await browser.close();
      await server.close("the test is over");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openPage(browser: Browser, address: string, options: OpenOptions): Promise<StudioPage> {
  const { width = 1440, height = 900, dark = false, still = true, prepare } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: still ? "reduce" : "no-preference",
    ...options.context,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // Tests look at canvases, which is slow and said so.
    if (message.text().includes("willReadFrequently")) return;
    if (message.type() === "error" || message.type() === "warning")
      problems.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      console.error(`content policy: ${violatedDirective} refused ${blockedURI}`);
    });
  });
  await prepare?.(page);
  await page.goto(address);
  return {
    page,
    problems,
    findings: () => findingsOf(page),
    overflow: () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    async shot(name, { whole = false } = {}) {
      await mkdir(SHOTS, { recursive: true });
      const path = join(SHOTS, `${name}.png`);
      await page.screenshot({ path, fullPage: whole });
      return path;
    },
    close: () => context.close(),
  };
}

async function findingsOf(page: Page): Promise<string[]> {
  // As a script of the debugger it is no business of the content policy.
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
    }));
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, impact, where }) => where.map((one) => `${impact} ${id} at ${one}`));
}
