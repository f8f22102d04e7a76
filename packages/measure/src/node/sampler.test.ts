import { rmSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { buildRecord } from "../record/build.ts";
import { TINY_RUN } from "../record/fixtures/facts.ts";
import { validate } from "../record/validate.ts";
import { processClock } from "./clock.ts";
import { BARE_METAL, BROKEN, CONTAINER, CONTAINER_V1, type MachineFiles, VIRTUAL } from "./fixtures/machines.ts";
import { machine, named, SECOND, sampleOver, write } from "./fixtures/made-machine.ts";
import { observeGarbage } from "./garbage.ts";
import type { OpenSensor, SensorProvider } from "./providers/provider.ts";
import { PROVIDERS } from "./providers.ts";
import { startSampler, utilizationWindow } from "./sampler.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Two samples, one second apart, with `change` in between. */
const sampleTwice = (files: MachineFiles, change: MachineFiles = {}) => sampleOver(files, [change]);

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
    expect(named(series, "energy.package-0.dram")?.v).toEqual([0, 0]);
    expect(series.filter(({ name }) => name.startsWith("energy"))).toHaveLength(2);
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

  test("a provider that fails costs only itself, keeps what it gave, and says why", async () => {
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
      available: true,
      v: [0],
      reason: expect.stringContaining("unplugged"),
    });
    expect(named(series, "throwing")).toMatchObject({
      available: false,
      reason: expect.stringContaining("no such thing"),
    });
    expect(named(series, "good")!.v.length).toBeGreaterThan(2);
  });

  test("a provider that never finishes opening does not hold up the end, and is told when the run is over", async () => {
    let told = false;
    const hanging: SensorProvider = {
      ...counting("hanging", (n) => n),
      open: ({ ended }) => {
        ended.addEventListener("abort", () => {
          told = true;
        });
        return new Promise(() => undefined);
      },
    };
    const sampler = startSampler({ periodMs: 2, providers: [hanging, counting("good", (n) => n)] });
    while (sampler.cost().samples < 4) await pause(2);
    const series = sampler.stop();
    expect(told).toBe(true);
    expect(named(series, "hanging")?.reason).toMatch(/had not answered \d+ ms after it was asked, when the run ended/);
    expect(named(series, "good")!.v.length).toBeGreaterThan(4);
  });

  test("a provider that is open only after the end is closed at once", async () => {
    let closed = 0;
    let finish: () => void = () => undefined;
    const late: SensorProvider = {
      ...counting("late", (n) => n),
      open: () =>
        new Promise((resolve) => {
          finish = () => resolve({ slots: 1, channels: [], read: () => undefined, close: () => closed++ });
        }),
    };
    startSampler({ providers: [late] }).stop();
    finish();
    await pause(0);
    expect(closed).toBe(1);
  });

  test("a provider that opens while the run goes on has samples from then on, at the times of the others", async () => {
    let finish: () => void = () => undefined;
    const late: SensorProvider = {
      ...counting("late", (n) => n),
      open: (place) =>
        new Promise((resolve) => {
          finish = () => resolve(counting("late", (n) => n).open(place) as never);
        }),
    };
    const sampler = startSampler({ periodMs: 2, capacity: 8, providers: [late, counting("good", (n) => n)] });
    while (sampler.cost().samples < 5) await pause(2);
    finish();
    while (sampler.cost().samples < 30) await pause(2);
    const series = sampler.stop();
    const [lateTimes, goodTimes] = ["late", "good"].map((name) => named(series, name)!.tNs);
    expect(lateTimes!.length).toBeGreaterThan(2);
    expect(goodTimes).toEqual(expect.arrayContaining(lateTimes!));
    expect(named(series, "late")!.v).toEqual(named(series, "late")!.v.toSorted((a, b) => a - b));
  });

  test("a provider whose readings are slow is given up after the third in a row, not after one", () => {
    let time = 0;
    const slowAt = (slow: (n: number) => boolean) =>
      counting("slow", (n) => {
        if (slow(n)) time += 51_000_000;
        return n;
      });
    const over = (provider: SensorProvider) =>
      sampleOver({}, [{}, {}, {}, {}, {}], { providers: [provider], now: () => time });
    expect(over(slowAt((n) => n !== 2))).toMatchObject([
      { v: [0, 1, 2, 3, 4, 5], reason: expect.stringContaining("3 readings") },
    ]);
    expect(over(slowAt((n) => n >= 1))).toMatchObject([
      { v: [0, 1, 2, 3], reason: expect.stringContaining("took more than 50 ms") },
    ]);
    expect(over(slowAt((n) => n % 2 === 0))[0]).not.toHaveProperty("reason");
  });

  test.skipIf(!("threadCpuUsage" in process))(
    "the sampler's cost is what it worked, not what it waited for a processor (needs process.threadCpuUsage, Node 23.9)",
    () => {
      const sleeping = counting("sleeping", (n) => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        let text = "";
        for (let i = 0; i < 50_000; i++) text = `${i}${text.length}`;
        return n + text.length;
      });
      const sampler = startSampler({ providers: [sleeping] });
      sampler.stop();
      const { samples, samplerNs } = sampler.cost();
      expect(samples).toBe(2);
      expect(samplerNs).toBeGreaterThan(0);
      expect(samplerNs).toBeLessThan(300_000_000);
    },
  );

  test("what cannot be closed says so, and the others are closed all the same", () => {
    let closed = 0;
    const closing = (name: string, close: () => void): SensorProvider => ({
      ...counting(name, (n) => n),
      open: (place) => ({ ...(counting(name, (n) => n).open(place) as OpenSensor), close }),
    });
    const stuck = closing("stuck", () => {
      throw new Error("stuck");
    });
    const series = startSampler({ providers: [stuck, closing("good", () => closed++)] }).stop();
    expect(named(series, "stuck")).toMatchObject({
      v: [0, 1],
      reason: expect.stringMatching(/could not be closed.*stuck/),
    });
    expect(closed).toBe(1);
  });

  test("files that turn to rubbish, pipes and nothing half way cost only their sensors", () => {
    const series = sampleOver(BARE_METAL, [
      {},
      (root) => {
        write(root, { "proc/pressure/cpu": "\u0000\u0001\n", "proc/meminfo": "", "proc/stat": "cpu what 1 2\n" });
        rmSync(join(root, "sys"), { recursive: true });
      },
      {},
    ]);
    expect(named(series, "cpu.utilization")).toBeDefined();
    expect(named(series, "memory.used")!.v).toHaveLength(2);
    expect(named(series, "pressure.cpu.some")!.tNs).toEqual([SECOND]);
    for (const { v } of series) for (const value of v) expect(value).toBeGreaterThanOrEqual(0);
    expect(named(series, "process.rss")!.v).toHaveLength(4);
  });

  test("samples go on while the threads that are observed never yield", async () => {
    const busy = new Worker("for (;;);", { eval: true });
    try {
      const sampler = startSampler({ periodMs: 5 });
      while (sampler.cost().samples < 5) await pause(5);
      const series = sampler.stop();
      expect(named(series, "process.cpu")!.v.length).toBeGreaterThan(3);
      expect(Math.max(...named(series, "process.cpu")!.v)).toBeGreaterThan(0);
    } finally {
      await busy.terminate();
    }
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
    const root = machine({ "proc/stat": "cpu  1 0 1 8 0 0 0 0 0 0\n" });
    expect(utilizationWindow(500, { root }).stop()).toMatchObject({
      value: null,
      reason: expect.stringContaining("tick"),
    });
    expect(utilizationWindow(500, { root: machine({}) }).stop()).toMatchObject({
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
