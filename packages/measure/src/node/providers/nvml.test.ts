import { describe, expect, test } from "vitest";
import type { MachineFiles } from "../fixtures/machines.ts";
import { machine, named, program, SECOND } from "../fixtures/made-machine.ts";
import { startSampler } from "../sampler.ts";
import { nvidia } from "./nvidia.ts";

const DRIVER = { "proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54\n" };
const LIBRARY = "libnvidia-ml.so.1";

type Native = (...args: unknown[]) => number;

/** koffi with a made-up NVML behind it: functions by name, from what they are declared as. */
function koffi(functions: Readonly<Record<string, Native>>) {
  const calls: string[] = [];
  const native = (prototype: string) => {
    const name = /^int (\w+)\(/.exec(prototype)![1]!;
    const call = (...args: unknown[]) => {
      calls.push(name);
      return functions[name]?.(...args) ?? 3; // NVML_ERROR_NOT_SUPPORTED
    };
    const later = (...args: unknown[]) => {
      const done = args.pop() as (error: null, result: number) => void;
      queueMicrotask(() => done(null, call(...args)));
    };
    return Object.assign(call, { async: later });
  };
  const load = (library: string) => {
    if (library !== LIBRARY) throw new Error(`unexpected ${library}`);
    // As in koffi, a function is declared on its library and nowhere else.
    const opened = {
      func(this: unknown, prototype: string) {
        if (this !== opened) throw new TypeError("Illegal invocation");
        return native(prototype);
      },
    };
    return opened;
  };
  return { calls, load: async () => ({ default: { load } }) };
}

/** The function has done its work: NVML_SUCCESS. */
const answer = (work: () => void) => {
  work();
  return 0;
};

const word =
  (value: number): Native =>
  (_device, out) =>
    answer(() => (out as Buffer).writeUInt32LE(value, 0));

function twoCards() {
  let energy = 5_000_000;
  return koffi({
    nvmlInit_v2: () => 0,
    nvmlShutdown: () => 0,
    nvmlDeviceGetCount_v2: (out) => answer(() => (out as Buffer).writeUInt32LE(2, 0)),
    nvmlDeviceGetHandleByIndex_v2: (index, out) =>
      answer(() => (out as Buffer).writeBigUInt64LE(BigInt(0xdead_0000_0000 + (index as number)), 0)),
    nvmlDeviceGetUtilizationRates: (device, out) => word(device === 0xdead_0000_0001n ? 12 : 88)(device, out),
    nvmlDeviceGetMemoryInfo: (_device, out) => answer(() => (out as Buffer).writeBigUInt64LE(7_000_000_000n, 16)),
    nvmlDeviceGetTemperature: (_device, _sensor, out) => answer(() => (out as Buffer).writeUInt32LE(66, 0)),
    nvmlDeviceGetPowerUsage: word(350_250),
    nvmlDeviceGetTotalEnergyConsumption: (device, out) => {
      if (device !== 0xdead_0000_0000n) return 3;
      (out as Buffer).writeBigUInt64LE(BigInt(energy), 0);
      energy += 1500;
      return 0;
    },
  });
}

/** A driver that answers, and a tool that does not go on printing. */
const ANSWERS = 'case "$*" in *-lms*) exit 6;; esac; echo 2; echo 2';

/** Two samples, the second when NVML is open or there is a reason why not. */
async function sampled(load: (name: string) => Promise<unknown>, files: MachineFiles = DRIVER, tool = ANSWERS) {
  let time = 0;
  const { name, unit, source, open } = nvidia;
  let opened: unknown;
  const sampler = startSampler({
    root: machine(files),
    path: `${program("nvidia-smi", tool)}:/bin:/usr/bin`,
    load,
    now: () => time,
    providers: [
      {
        name,
        unit,
        source,
        open: (place) => {
          const promise = open(place);
          opened = promise;
          return promise;
        },
      },
    ],
  });
  await opened;
  time = SECOND;
  return sampler.stop();
}

describe.skipIf(process.platform !== "linux")(
  "NVML (its tool is made up by a shell script, its driver by a file of Linux)",
  () => {
    test("two cards are read through koffi, in the units of the series, and the library is shut down", async () => {
      const { load, calls } = twoCards();
      const series = await sampled(load);
      expect(named(series, "gpu.0.utilization")).toMatchObject({ source: "NVML", v: [88] });
      expect(named(series, "gpu.1.utilization")?.v).toEqual([12]);
      expect(named(series, "gpu.0.memoryUsed")?.v).toEqual([7_000_000_000]);
      expect(named(series, "gpu.1.temperature")?.v).toEqual([66]);
      expect(named(series, "gpu.0.power")?.v).toEqual([350.25]);
      expect(calls.at(-1)).toBe("nvmlShutdown");
    });

    test("joules come from the card's counter, since the run began; a card without one has a reason and no figure", async () => {
      const series = await sampled(twoCards().load);
      expect(named(series, "gpu.0.energy")).toMatchObject({ unit: "J", v: [1.5] });
      expect(named(series, "gpu.1.energy")).toMatchObject({ available: false, v: [] });
      expect(named(series, "gpu.1.clock")).toMatchObject({ available: false, v: [] });
    });

    test.each<[string, () => Promise<unknown>, RegExp]>([
      [
        "is not installed",
        () => Promise.reject(new Error("Cannot find package")),
        /koffi, which is not installed; .*nvidia-smi ended with 6/,
      ],
      [
        "finds no library",
        async () => ({
          load: () => {
            throw new Error("libnvidia-ml.so.1: cannot open");
          },
        }),
        /NVML: libnvidia-ml.*; .*nvidia-smi ended with 6/,
      ],
      ["is told that the driver is another version", koffi({ nvmlInit_v2: () => 18 }).load, /nvmlInit answered 18/],
      ["counts no card", koffi({ nvmlInit_v2: () => 0 }).load, /NVML counts no GPU/],
      ["is something else", async () => ({}), /NVML: .*; .*nvidia-smi ended with 6/],
    ])("koffi that %s gives a reason, and the tool is tried", async (_name, load, reason) => {
      expect((await sampled(load))[0]).toMatchObject({
        available: false,
        v: [],
        reason: expect.stringMatching(reason),
      });
    });

    test("a driver that does not answer its own tool is not called: the call could not be ended", async () => {
      const { load, calls } = twoCards();
      const [series] = await sampled(load, DRIVER, 'echo "Unable to initialize NVML: Driver not loaded"; exit 9');
      expect(calls).toEqual([]);
      expect(series).toMatchObject({
        available: false,
        reason: expect.stringContaining('answered "Unable to initialize'),
      });
    });

    test("without a driver nothing is loaded", async () => {
      let loaded = 0;
      const load = async () => loaded++;
      const [series] = await sampled(load, {});
      expect(loaded).toBe(0);
      expect(series?.available).toBe(false);
    });
  },
);
