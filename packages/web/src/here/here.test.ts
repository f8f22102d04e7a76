import { MessageChannel, type MessagePort } from "node:worker_threads";
import { createAnimation, sha256Hex } from "@volumark/engine";
import { gradeRun, validateRecord } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { type BrowserFacts, browserMachine } from "./browser-machine.ts";
import { FrameOrder, type OrderedFrame } from "./frame-order.ts";
import { describePageClock, pageClock } from "./page-clock.ts";
import { portExchange } from "./port-exchange.ts";
import { type HerePass, type HereRun, recordOfHere } from "./run-facts.ts";

const FACTS: BrowserFacts = {
  userAgent:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.1.2 Safari/537.36",
  hardwareConcurrency: 4,
  deviceMemory: 8,
  hints: undefined,
  renderer: null,
  isolated: false,
  visible: true,
};
const settings = { scene: "seed", dimension: 16, width: 64, height: 48, frames: 4, fps: 4 };

async function madePass(startNs: number, frameNs: number): Promise<{ pass: HerePass; gif: Uint8Array<ArrayBuffer> }> {
  const animation = createAnimation(settings);
  const frames: OrderedFrame[] = [];
  for await (const frame of animation) {
    const times = { ...frame.times, startNs: startNs + frame.frame * frameNs, wallNs: frameNs, fieldNs: frameNs };
    frames.push({ ...frame, times, lane: 0 });
  }
  const gif = await animation.toGif();
  const finishedNs = startNs + settings.frames * frameNs;
  return { pass: { frames, finishedNs, canaryNs: null, outputHash: sha256Hex(gif) }, gif };
}
async function runOf(fields: Partial<HereRun> = {}): Promise<HereRun> {
  const { pass, gif } = await madePass(1000, 500_000);
  return {
    id: "11111111-2222",
    settings: createAnimation(settings).settings,
    lanes: 1,
    version: "0.1.0",
    startedAt: Date.UTC(2026, 10, 24),
    timer: { name: "performance.now", resolutionNs: 100_000, costNs: 60 },
    compileNs: 1,
    peakKernelBytes: 1,
    passes: [pass],
    gif,
    machine: browserMachine(FACTS),
    stopped: null,
    failure: null,
    ...fields,
  };
}

describe("the record of a run in the page", () => {
  test("is valid, has the shape of the program's, and says that the clock is coarse", async () => {
    const record = recordOfHere(await runOf());
    expect(await validateRecord(record)).toEqual({ valid: true });
    expect(record.frame_count).toBe(4);
    expect(record.run.outputHash).toBe(sha256Hex(new Uint8Array(record.gif_bytestream)));
    expect(record.benchmark_data.performance_metrics.total_time).toBeCloseTo(0.002, 6);
    expect(record.run.warnings.map(({ code }) => code)).toContain("coarse-clock");
    expect(record.benchmark_data.system_info.platform).toMatchObject({
      system: "Linux",
      runtime: "chromium",
      runtime_version: "140.0.1.2",
    });
    expect(["A", "B", "C", "D"]).toContain(gradeRun(record).letter);
  });

  test("of several passes holds each, and shows one near the median", async () => {
    const passes = await Promise.all(
      [900, 500, 510, 505, 502].map(async (us, i) => (await madePass(i * 1e7, us * 1000)).pass),
    );
    const record = recordOfHere(await runOf({ passes }));
    expect(await validateRecord(record)).toEqual({ valid: true });
    expect(record.run.passes).toHaveLength(5);
    expect([505_000, 502_000, 510_000, 500_000]).toContain(record.run.frames.wallNs[0]);
    expect(record.run.checks.find(({ name }) => name === "passes alike")?.passed).toBe(true);
  });

  test("that was cancelled, failed, or made no frame is a record too", async () => {
    const whole = await runOf();
    const two = { ...whole.passes[0]!, frames: whole.passes[0]!.frames.slice(0, 2), outputHash: null };
    const stopped = recordOfHere({ ...whole, passes: [two], stopped: "a request", gif: new Uint8Array(0) });
    expect(await validateRecord(stopped)).toEqual({ valid: true });
    expect(stopped.run.stopped).toEqual({ frame: 2, reason: "a request" });
    const failure = { stage: "field", frame: 0, message: "no memory" };
    const failed = recordOfHere({ ...whole, passes: [], failure, gif: new Uint8Array(0) });
    expect(await validateRecord(failed)).toEqual({ valid: true });
    expect(failed.error).toContain("no memory");
  });
});

describe("what a browser tells", () => {
  test("what it hides is missing with a reason, and nothing is guessed", () => {
    const { systemInfo, environment } = browserMachine({
      ...FACTS,
      deviceMemory: undefined,
      hardwareConcurrency: undefined,
    });
    expect(systemInfo.cpu).toMatchObject({ cores: 0, threads: 0 });
    expect(systemInfo.memory.total).toBe(0);
    for (const group of Object.values(environment)) {
      for (const datum of Object.values(group)) {
        const { available, value, reason } = datum as { available: boolean; value: unknown; reason?: string };
        expect(available ? value !== null : value === null && (reason ?? "") !== "").toBe(true);
      }
    }
  });
  test.each([
    ["Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0", "firefox", "145.0", "Windows"],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 (KHTML) Version/26.0 Safari/605",
      "safari",
      "26.0",
      "Darwin",
    ],
    ["Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36 Edg/140.1", "edge", "140.1", "Windows"],
    ["something else", "browser", "not told", "not told"],
  ])("%s", (userAgent, runtime, runtime_version, system) => {
    expect(browserMachine({ ...FACTS, userAgent }).systemInfo.platform).toMatchObject({
      runtime,
      runtime_version,
      system,
    });
  });
});

describe("lanes", () => {
  test("frames that arrive in any order come out in order, once", async () => {
    const { pass } = await madePass(0, 1000);
    const order = new FrameOrder();
    const out = [2, 0, 3, 1].map((i) => order.add(pass.frames[i]!).map(({ frame }) => frame));
    expect(out).toEqual([[], [0], [], [1, 2, 3]]);
    expect(order.frames.map(({ frame }) => frame)).toEqual([0, 1, 2, 3]);
  });

  test("indices reach the next lane whether it waits for them or they wait for it", async () => {
    const { port1, port2 } = new MessageChannel();
    const back = new MessageChannel();
    const hear = (port: MessagePort) => (heard: (message: unknown) => void) => void port.on("message", heard);
    const first = portExchange(port1, hear(back.port2));
    const second = portExchange(back.port1, hear(port2));
    first.begin(3);
    second.begin(3);
    const indices = Uint8Array.of(1, 2, 3);
    const waited = second.take(0);
    first.publish(0, indices);
    indices.fill(9);
    expect([...(await waited)]).toEqual([1, 2, 3]);
    first.publish(1, Uint8Array.of(4));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...(await second.take(1))]).toEqual([4]);
    // The next pass: the first lane begins it before the second one has heard of it.
    first.begin(2);
    first.publish(0, Uint8Array.of(5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    second.begin(2);
    expect([...(await second.take(0))]).toEqual([5]);
    for (const port of [port1, port2, back.port1, back.port2]) port.close();
  });

  test("the clock never goes back, and its step is told", () => {
    const now = pageClock(performance.timeOrigin);
    const first = now();
    expect(now()).toBeGreaterThanOrEqual(first);
    const described = describePageClock(now, true);
    expect(described.resolutionNs).toBeGreaterThan(0);
    expect(described.name).toContain("isolated");
    const steps = [0, 0, 100_000, 100_000, 200_000];
    let i = 0;
    const coarse = () => steps[Math.min(i++, steps.length - 1)]! + Math.max(0, i - 5) * 10;
    expect(describePageClock(coarse, false).resolutionNs).toBeLessThanOrEqual(100_000);
    expect(describePageClock(() => 5, false)).toMatchObject({ resolutionNs: 1e6, costNs: 0 });
  });
});
