import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildRecord } from "../record/build.ts";
import { TINY_RUN } from "../record/fixtures/facts.ts";
import type { SensorSeries } from "../record/schema.ts";
import { validate } from "../record/validate.ts";
import { processClock } from "./clock.ts";
import { BARE_METAL, BROKEN, CONTAINER, CONTAINER_V1, type MachineFiles, VIRTUAL } from "./fixtures/machines.ts";
import { observeGarbage } from "./garbage.ts";
import type { SensorProvider } from "./providers/provider.ts";
import { PROVIDERS } from "./providers.ts";
import { startSampler, utilizationWindow } from "./sampler.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const SECOND = 1_000_000_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const named = (all: readonly SensorSeries[], name: string) => all.find((series) => series.name === name);

/** Samples a made-up machine twice, one second apart on a clock that the test moves, with `change` in between. */
function sampleTwice(files: MachineFiles, change: MachineFiles = {}): SensorSeries[] {
  const root = mkdtempSync(join(tmpdir(), "machine-"));
  folders.push(root);
  const write = (some: MachineFiles) => {
    for (const [path, text] of Object.entries(some)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  write(files);
  let time = 0;
  const sampler = startSampler({ root, now: () => time, periodMs: 1000 });
  write(change);
  time = SECOND;
  return sampler.stop();
}

describe("sensors of a made-up machine", () => {
  test("utilisation and steal are shares of the ticks between two samples", () => {
    const series = sampleTwice(VIRTUAL, { "proc/stat": "cpu  130 0 60 840 0 0 0 70 0 0\n" });
    expect(named(series, "cpu.utilization")).toMatchObject({ available: true, tNs: [SECOND], v: [40] });
    expect(named(series, "cpu.steal")?.v).toEqual([20]);
  });

  test("memory is a level: every sample counts", () => {
    const series = sampleTwice(VIRTUAL, { "proc/meminfo": "MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n" });
    expect(named(series, "memory.used")?.v).toEqual([4_096_000_000, 8_192_000_000]);
  });

  test("pressure is the share of time in which a task waited", () => {
    const series = sampleTwice(VIRTUAL, {
      "proc/pressure/cpu": "some avg10=0.00 avg60=0.00 avg300=0.00 total=251000\n",
    });
    expect(named(series, "pressure.cpu.some")?.v).toEqual([25]);
    expect(named(series, "pressure.io.some")).toMatchObject({
      available: false,
      reason: "no /proc/pressure/io on this system",
    });
  });

  test("bare metal shows clock, temperatures and energy; energy survives its counter starting again", () => {
    const series = sampleTwice(BARE_METAL, { "sys/class/powercap/intel-rapl:0/energy_uj": "2000000\n" });
    expect(named(series, "cpu.frequency")?.v).toEqual([3300, 3300]);
    expect(named(series, "temperature.coretemp.Package id 0")?.v).toEqual([61, 61]);
    expect(named(series, "temperature.coretemp.temp2")?.v).toEqual([59.5, 59.5]);
    expect(named(series, "energy.package-0")?.v).toEqual([0, 3]);
    expect(series.filter(({ name }) => name.startsWith("energy"))).toHaveLength(1);
  });

  test.each([
    ["2", CONTAINER, "sys/fs/cgroup/kubepods/pod7/box/cpu.stat", "throttled_usec 120000\n"],
    ["1", CONTAINER_V1, "sys/fs/cgroup/cpu,cpuacct/cpu.stat", "throttled_time 103000000\n"],
  ])("throttling is told in control groups version %s, in their own unit", (_version, files, path, text) => {
    expect(named(sampleTwice(files, { [path]: text }), "cgroup.throttled")?.v).toEqual([10]);
  });

  test("a virtual machine has a reason for each sensor that it lacks", () => {
    const missing = sampleTwice(VIRTUAL).filter(({ available }) => !available);
    for (const name of ["cpu.frequency", "temperature", "energy"]) {
      expect(missing.find((series) => series.name === name)?.reason).toMatch(/usual in a virtual machine/);
    }
    for (const series of missing)
      expect(series).toMatchObject({ tNs: [], v: [], reason: expect.stringMatching(/.{10,}/) });
  });

  test.each<[string, MachineFiles]>([
    ["nonsense", BROKEN],
    ["nothing", {}],
    ["what vanishes", BARE_METAL],
  ])("files with %s never throw, and what is written is a valid record", (_name, files) => {
    const sensors = sampleTwice(files, { "proc/stat": "", "proc/meminfo": "", "proc/pressure/cpu": "some" });
    expect(validate(buildRecord({ ...TINY_RUN, originNs: 0, sensors }))).toEqual({ valid: true });
    expect(sensors.length).toBeGreaterThanOrEqual(PROVIDERS.length);
  });
});

describe("startSampler", () => {
  const counting = (name: string, read: (n: number) => number): SensorProvider => ({
    name,
    unit: "1",
    source: "test",
    open: () => {
      let n = 0;
      return {
        slots: 1,
        channels: [{ name, unit: "1", source: "test", kind: "level", value: (now) => now[0]! }],
        read: (raw) => {
          raw[0] = read(n++);
        },
      };
    },
  });

  test("a provider that fails costs only itself, and says why", async () => {
    const failing = counting("failing", (n) => {
      if (n === 1) throw new Error("unplugged");
      return n;
    });
    const throwing: SensorProvider = {
      ...failing,
      name: "throwing",
      open: () => {
        throw new Error("no such thing");
      },
    };
    const sampler = startSampler({ periodMs: 2, providers: [failing, throwing, counting("good", (n) => n)] });
    while (sampler.cost().samples < 4) await pause(2);
    const series = sampler.stop();
    expect(named(series, "failing")).toMatchObject({
      available: false,
      v: [],
      reason: expect.stringContaining("unplugged"),
    });
    expect(named(series, "throwing")).toMatchObject({
      available: false,
      reason: expect.stringContaining("no such thing"),
    });
    expect(named(series, "good")!.v.length).toBeGreaterThan(2);
  });

  test("memory stays bounded: samples are thinned out and keep their order and times", async () => {
    let time = 0;
    const sampler = startSampler({
      periodMs: 1,
      capacity: 8,
      providers: [counting("n", () => time)],
      now: () => time++,
    });
    while (sampler.cost().samples < 20) await pause(2);
    const [series] = sampler.stop();
    expect(series!.v.length).toBeLessThanOrEqual(8);
    expect(series!.v.length).toBeGreaterThanOrEqual(4);
    expect(series!.periodMs).toBeGreaterThan(1);
    expect(series!.tNs).toEqual(series!.tNs.toSorted((a, b) => a - b));
    expect(series!.v).toEqual(series!.tNs.map((t) => t + 1));
  });

  test("stopping twice gives the same series", () => {
    const sampler = startSampler({ providers: [counting("n", (n) => n)] });
    expect(sampler.stop()).toBe(sampler.stop());
    expect(sampler.cost().samples).toBe(2);
  });

  test("on this machine it samples what there is and gives a reason for what there is not", async () => {
    const sampler = startSampler({ periodMs: 5 });
    while (sampler.cost().samples < 4) await pause(20);
    const series = sampler.stop();
    for (const { available, reason, v } of series) {
      expect(available ? v.length : (reason ?? "").length).toBeGreaterThan(0);
    }
    expect(named(series, "process.rssPeak")!.v[0]).toBeGreaterThan(1e6);
  });
});

describe("utilizationWindow", () => {
  test("closes at stop when the run is shorter, and counts what happened in between", async () => {
    const window = utilizationWindow(60_000);
    await pause(80);
    const seen = window.stop();
    expect(seen.windowMs).toBeLessThan(60_000);
    expect(seen.value).toBeGreaterThanOrEqual(0);
    expect(seen.value).toBeLessThanOrEqual(100);
    expect(window.stop()).toBe(seen);
  });

  test("closes by itself when the run is longer", async () => {
    const began = performance.now();
    const window = utilizationWindow(20);
    await pause(60);
    const closedBy = performance.now() - began;
    await pause(20);
    expect(window.stop().windowMs).toBeLessThanOrEqual(closedBy);
  });

  test("where no tick has passed there is a reason and no figure", () => {
    const root = mkdtempSync(join(tmpdir(), "machine-"));
    folders.push(root);
    mkdirSync(join(root, "proc"));
    writeFileSync(join(root, "proc/stat"), "cpu  1 0 1 8 0 0 0 0 0 0\n");
    expect(utilizationWindow(500, { root }).stop()).toMatchObject({
      value: null,
      reason: expect.stringContaining("tick"),
    });
    expect(utilizationWindow(500, { root: join(root, "none") }).stop()).toMatchObject({
      value: null,
      reason: "no /proc/stat on this system",
    });
  });
});

describe("observeGarbage", () => {
  test("sees collections of this thread, on the run's clock", async () => {
    const clock = processClock();
    const observer = observeGarbage(clock, 3);
    const begin = clock.now();
    let kept: unknown[] = [];
    for (let i = 0; i < 400_000; i++) {
      kept.push({ i, text: `${i}` });
      if (kept.length > 50_000) kept = [];
    }
    const events = await observer.stop();
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event).toMatchObject({ kind: "gc", lane: 3 });
      expect(event.startNs).toBeGreaterThanOrEqual(begin - 1_000_000);
      expect(event.startNs + event.durationNs).toBeLessThanOrEqual(clock.now() + 1_000_000);
    }
  });
});
