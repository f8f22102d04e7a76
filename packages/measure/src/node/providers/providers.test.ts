import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BARE_METAL, CONTAINER, LAPTOP, VIRTUAL } from "../fixtures/machines.ts";
import { named, SECOND, sampleOver } from "../fixtures/made-machine.ts";
import { energyStep } from "./energy.ts";
import type { SensorHost } from "./provider.ts";

describe("processors", () => {
  const stat = (one: string, two: string) => ({ "proc/stat": `cpu  9 9 9 9\ncpu0 ${one}\ncpu1 ${two}\nintr 5\n` });

  test("the busiest processor is told: one thread that keeps it to itself does not vanish in the mean", () => {
    const series = sampleOver(stat("0 0 0 100 0 0 0 0", "0 0 0 100 0 0 0 0"), [
      stat("10 0 0 190 0 0 0 0", "95 0 0 105 0 0 0 0"),
    ]);
    expect(named(series, "cpu.busiest")?.v).toEqual([95]);
  });

  test("ticks that go backwards leave a gap, never a negative share", () => {
    const cpu = (ticks: string) => ({ "proc/stat": `cpu  ${ticks}\n` });
    const series = sampleOver(cpu("100 0 0 100 0 0 0 10"), [
      cpu("50 0 0 300 0 0 0 0"),
      cpu("150 0 0 400 0 0 0 0"),
      cpu("250 0 0 399 0 0 0 0"),
    ]);
    expect(named(series, "cpu.utilization")).toMatchObject({ tNs: [2 * SECOND, 3 * SECOND], v: [50, 100] });
    expect(named(series, "cpu.steal")?.tNs).not.toContain(SECOND);
  });

  test("where there is no /proc, as on macOS and Windows, the runtime's counters stand in", () => {
    let n = 0;
    const host: SensorHost = {
      cpus: () => {
        n++;
        const times = (busy: number) => ({ user: busy * n, nice: 0, sys: 0, idle: 100 * n - busy * n, irq: 0 });
        return [{ times: times(20) }, { times: times(60) }];
      },
      totalmem: () => 1000,
      freemem: () => 400,
    };
    const series = sampleOver({}, [{}], { host });
    expect(named(series, "cpu.utilization")).toMatchObject({ source: "node:os cpus", v: [40] });
    expect(named(series, "cpu.busiest")?.v).toEqual([60]);
    expect(named(series, "memory.used")).toMatchObject({ source: "node:os", v: [600, 600] });
    expect(named(series, "cpu.steal")).toBeUndefined();
  });
});

describe("energy", () => {
  test("a counter that starts again at the end of its range has used what lies between", () => {
    expect(energyStep(2, 9, 10)).toBe(3);
    expect(energyStep(9, 2, 10)).toBe(7);
  });

  test("a counter that was reset, or whose range is not known, gives no figure instead of a wrong one", () => {
    expect(energyStep(4, 9, 10)).toBeNaN();
    expect(energyStep(2, 9, 0)).toBeNaN();
    expect(energyStep(2, 900, 10)).toBeNaN();
  });

  test("no sequence of readings gives joules that fall", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2 }), (readings) => {
        for (let i = 1; i < readings.length; i++) {
          const step = energyStep(readings[i]!, readings[i - 1]!, 1000);
          expect(step < 0).toBe(false);
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("after a reset the total is not known any more, and the joules until then stay", () => {
    const path = "sys/class/powercap/intel-rapl:0/energy_uj";
    const at = (microjoules: number) => ({ [path]: `${microjoules}\n` });
    const series = sampleOver({ ...BARE_METAL, ...at(5_000_000) }, [
      at(8_000_000),
      at(100_000),
      at(8_000_000),
      at(7_000_000),
    ]);
    expect(named(series, "energy.package-0")).toMatchObject({
      v: [0, 3, 5.1, 13],
      reason: expect.stringMatching(/it stopped answering: .* went from 8000000 to 7000000 µJ/),
    });
  });

  test("a counter that cannot be read has the reason, and no figure", () => {
    const files = Object.fromEntries(Object.entries(BARE_METAL).filter(([path]) => !path.endsWith("/energy_uj")));
    const series = sampleOver({ ...files, "sys/class/powercap/intel-rapl:0/energy_uj": "" }, [{}]);
    expect(named(series, "energy")).toMatchObject({
      available: false,
      v: [],
      reason: "/sys/class/powercap/intel-rapl:0/energy_uj holds no number",
    });
  });
});

describe("throttling", () => {
  test("the share of periods in which the quota was used up stands beside the time", () => {
    const series = sampleOver(CONTAINER, [
      { "sys/fs/cgroup/kubepods/pod7/box/cpu.stat": "nr_periods 14\nnr_throttled 6\nthrottled_usec 20000\n" },
    ]);
    expect(named(series, "cgroup.throttledPeriods")?.v).toEqual([50]);
  });

  test("thermal throttling is counted over cores and package", () => {
    const file = "sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count";
    const series = sampleOver(BARE_METAL, [{ [file]: "4\n" }, { [file]: "1\n" }]);
    expect(named(series, "cpu.thermalThrottle")).toMatchObject({ tNs: [SECOND], v: [2] });
    expect(named(sampleOver(VIRTUAL, [{}]), "cpu.thermalThrottle")).toMatchObject({ available: false, v: [] });
  });
});

describe("graphics cards", () => {
  test("AMD: use, memory, heat, watts and clock come from the card's files, in the units of the series", () => {
    const series = sampleOver(BARE_METAL, [{}]);
    const last = (name: string) => named(series, `gpu.card0.${name}`)?.v.at(-1);
    expect(last("utilization")).toBe(37);
    expect(last("memoryUsed")).toBe(1_073_741_824);
    expect(last("temperature")).toBeCloseTo(54, 9);
    expect(last("power")).toBeCloseTo(41.5, 9);
    expect(last("clock")).toBeCloseTo(2430, 9);
  });

  test("Intel: the clock that the card runs at, in each driver's place", () => {
    expect(named(sampleOver(LAPTOP, [{}]), "gpu.card1.clock")?.v).toEqual([450, 450]);
    const xe = {
      "sys/class/drm/card0/device/vendor": "0x8086\n",
      "sys/class/drm/card0/device/tile0/gt0/freq0/act_freq": "1300\n",
      "sys/class/drm/card0/device/tile0/gt0/freq0/throttle/status": "1\n",
    };
    expect(named(sampleOver(xe, [{}]), "gpu.card0.clock")?.v).toEqual([1300, 1300]);
    expect(named(sampleOver(xe, [{}]), "gpu.card0.throttled")?.v).toEqual([1, 1]);
  });

  test("a card whose driver shows nothing has a reason", () => {
    const series = sampleOver({ "sys/class/drm/card0/device/vendor": "0x8086\n" }, [{}]);
    expect(named(series, "gpu.intel")?.reason).toContain("shows no figures");
    expect(named(series, "gpu.amd")?.reason).toContain("no graphics card by AMD");
  });
});

describe("waiting threads", () => {
  const task = (id: number, waited: number) => ({ [`proc/self/task/${id}/schedstat`]: `5000 ${waited} 7\n` });

  test("the time that threads waited for a processor adds up, with threads that come and go", () => {
    const series = sampleOver({ ...task(1, 100), ...task(2, 0) }, [
      { ...task(1, 100 + SECOND / 4), ...task(2, SECOND / 4) },
      (root) => rmSync(join(root, "proc/self/task/2"), { recursive: true }),
      { ...task(1, 100 + SECOND / 2), ...task(3, SECOND / 2) },
    ]);
    expect(named(series, "process.waiting")?.v).toEqual([50, 0, 75]);
  });

  test("a kernel that does not keep it gives a reason", () => {
    expect(named(sampleOver(VIRTUAL, [{}]), "process.waiting")?.available).toBe(false);
  });
});
