/**
 * What a browser tells of its machine, in the words of the record; and for the rest, why not.
 *
 * Nothing is guessed: a browser hides the processor's name, its cores, its clock and the memory on purpose, so that pages
 * can't recognise a person by them. Logical processors and memory may be rounded or capped.
 */
import type { Datum, RunRecord, SystemInfo } from "@volumark/measure";

/** Of `navigator` and the page, what is looked at. */
export interface BrowserFacts {
  readonly userAgent: string;
  /** Logical processors; undefined where it isn't told. */
  readonly hardwareConcurrency: number | undefined;
  /** GiB, a power of two, 8 at most. */
  readonly deviceMemory: number | undefined;
  /** High-entropy hints of Chromium; undefined elsewhere. */
  readonly hints:
    | {
        readonly platform?: string;
        readonly platformVersion?: string;
        readonly architecture?: string;
        readonly bitness?: string;
      }
    | undefined;
  /** Of WebGL, as it names itself; null without. */
  readonly renderer: string | null;
  readonly isolated: boolean;
  readonly visible: boolean;
}

export interface BrowserMachine {
  readonly systemInfo: SystemInfo;
  readonly environment: RunRecord["run"]["environment"];
}

const HIDDEN = "a browser does not tell it";

export function browserMachine(facts: BrowserFacts): BrowserMachine {
  const { userAgent, hardwareConcurrency, deviceMemory, hints, renderer, isolated, visible } = facts;
  const runtime = browserOf(userAgent);
  const threads = hardwareConcurrency ?? 0;
  const total = deviceMemory === undefined ? 0 : deviceMemory * 2 ** 30;
  const system = hints?.platform || systemOf(userAgent);
  const version = hints?.platformVersion ?? "";
  const architecture = hints?.architecture || "not told";
  return {
    systemInfo: {
      cpu: { name: "not told by the browser", architecture, cores: 0, threads, utilization: 0, frequency: 0 },
      memory: { total, used: 0, available: 0, percent: 0 },
      gpu: { name: "Unknown", memory_total: 0, memory_used: 0, utilization: 0 },
      platform: {
        system,
        version,
        architecture: hints?.bitness === "32" ? "32bit" : "64bit",
        python_version: null,
        runtime: runtime.name,
        runtime_version: runtime.version,
      },
    },
    environment: {
      cpu: {
        name: missing("navigator", HIDDEN),
        cores: missing("navigator", HIDDEN),
        frequency: missing("navigator", HIDDEN),
        utilization: missing("navigator", HIDDEN),
        threads: found("navigator.hardwareConcurrency", hardwareConcurrency, "may be rounded or capped by the browser"),
        architecture: found("navigator.userAgentData", hints?.architecture || undefined, HIDDEN),
      },
      memory: {
        total: found("navigator.deviceMemory", deviceMemory === undefined ? undefined : total, HIDDEN, "bytes"),
        used: missing("navigator", HIDDEN),
      },
      gpu: {
        renderer: found("WEBGL_debug_renderer_info", renderer ?? undefined, "no WebGL, or the browser hides its name"),
        memory: missing("WebGL", HIDDEN),
      },
      system: {
        name: found("navigator.userAgentData", system, HIDDEN),
        version: found("navigator.userAgentData", version || undefined, HIDDEN),
      },
      power: { state: missing("navigator", HIDDEN) },
      browser: {
        userAgent: found("navigator.userAgent", userAgent, HIDDEN),
        isolated: found("crossOriginIsolated", isolated, HIDDEN),
        visible: found("document.visibilityState", visible, HIDDEN),
      },
    },
  };
}

/** Asks the browser. A question that it refuses is a fact that is not told. */
export async function askBrowser(): Promise<BrowserFacts> {
  const told = navigator as Navigator & {
    readonly deviceMemory?: number;
    readonly userAgentData?: { getHighEntropyValues(names: string[]): Promise<NonNullable<BrowserFacts["hints"]>> };
  };
  const hints = await told.userAgentData
    ?.getHighEntropyValues(["platform", "platformVersion", "architecture", "bitness"])
    .catch(() => undefined);
  return {
    userAgent: navigator.userAgent,
    hardwareConcurrency: navigator.hardwareConcurrency,
    deviceMemory: told.deviceMemory,
    hints,
    renderer: rendererName(),
    isolated: crossOriginIsolated,
    visible: document.visibilityState === "visible",
  };
}

function rendererName(): string | null {
  const context = new OffscreenCanvas(1, 1).getContext("webgl");
  const named = context?.getExtension("WEBGL_debug_renderer_info");
  const name = context && named ? String(context.getParameter(named.UNMASKED_RENDERER_WEBGL)) : null;
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return name;
}

function found(source: string, value: unknown, otherwise: string, unit?: string): Datum {
  if (value === undefined) return missing(source, otherwise);
  return { available: true, value, source, ...(unit ? { unit } : {}) };
}

function missing(source: string, reason: string): Datum {
  return { available: false, value: null, source, reason };
}

/** Name and version of the browser from its own words; the more special name first, for each claims to be the others. */
function browserOf(userAgent: string): { name: string; version: string } {
  for (const [name, pattern] of [
    ["firefox", /Firefox\/([\d.]+)/],
    ["edge", /Edg\/([\d.]+)/],
    ["chromium", /(?:Chromium|HeadlessChrome|Chrome)\/([\d.]+)/],
    ["safari", /Version\/([\d.]+).*Safari/],
  ] as const) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return { name, version };
  }
  return { name: "browser", version: "not told" };
}

function systemOf(userAgent: string): string {
  if (/Windows/.test(userAgent)) return "Windows";
  if (/Mac OS X|Macintosh/.test(userAgent)) return "Darwin";
  return /Linux|Android|X11/.test(userAgent) ? "Linux" : "not told";
}
