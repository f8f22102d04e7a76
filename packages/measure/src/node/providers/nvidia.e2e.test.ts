import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder, machine, named, program } from "../fixtures/made-machine.ts";
import { ENDS, NO_DRIVER, OLD_VERSION, TURNS_TO_RUBBISH, TWO_CARDS } from "../fixtures/nvidia-smi.ts";
import { startSampler } from "../sampler.ts";
import { nvidia } from "./nvidia.ts";
import { parseSmiLine } from "./nvidia-smi.ts";
import type { SensorProvider } from "./provider.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const steady: SensorProvider = {
  name: "steady",
  unit: "1",
  source: "test",
  open: () => ({
    slots: 1,
    channels: [{ name: "steady", unit: "1", source: "test", kind: "level", value: (now) => now[0]! }],
    read: (raw) => {
      raw[0] = 1;
    },
  }),
};

/** Samples until `until` says so (or 10 s are over), with a made-up nvidia-smi that first writes its process id down. */
async function run(script: string, until: (samples: number, pid: number | null) => boolean) {
  const notes = folder();
  const path = program("nvidia-smi", `echo $$ > ${join(notes, "pid")}\n${script}`);
  const sampler = startSampler({
    root: machine({}),
    path: `${path}:/bin:/usr/bin`,
    periodMs: 20,
    providers: [steady, nvidia],
  });
  const pid = () => {
    try {
      return Number(readFileSync(join(notes, "pid"), "utf8")) || null;
    } catch {
      return null;
    }
  };
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    if (until(sampler.cost().samples, pid())) break;
    await pause(20);
  }
  const { samples } = sampler.cost();
  const asked = performance.now();
  const series = sampler.stop();
  const stopMs = performance.now() - asked;
  const started = pid();
  for (let i = 0; i < 250 && started !== null && alive(started); i++) await pause(20);
  expect(named(series, "steady")?.v).toHaveLength(samples + 1);
  return { series, stopMs, pid: started, orphan: started !== null && alive(started) };
}

function alive(pid: number): boolean {
  try {
    // A process that has ended and was not collected by its new parent yet is no orphan.
    return process.platform !== "linux" || !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === "win32")(
  "nvidia-smi (made up by shell scripts, which Windows does not run)",
  () => {
    const heard = (count: number) => {
      let since: number | null = null;
      return (samples: number, pid: number | null) => {
        if (pid !== null) since ??= samples;
        return since !== null && samples >= since + count;
      };
    };

    test("two cards are told apart, figures that a card does not give are missing, and the child ends with the run", async () => {
      const { series, orphan, pid } = await run(TWO_CARDS, heard(15));
      expect(pid).not.toBeNull();
      expect(orphan).toBe(false);
      expect(named(series, "gpu.0.utilization")).toMatchObject({ source: "nvidia-smi", available: true });
      expect(named(series, "gpu.0.utilization")?.v.at(-1)).toBe(97);
      expect(named(series, "gpu.0.memoryUsed")?.v.at(-1)).toBe(5120 * 1024 * 1024);
      expect(named(series, "gpu.0.power")?.v.at(-1)).toBe(231.5);
      expect(named(series, "gpu.1.throttleReasons")?.v.at(-1)).toBe(0x40);
      expect(named(series, "gpu.1.utilization")).toMatchObject({
        available: false,
        v: [],
        reason: expect.stringMatching(/no number/),
      });
      expect(named(series, "gpu.1.power")?.available).toBe(false);
      expect(series.some(({ name }) => name.endsWith(".energy"))).toBe(false);
    });

    test("an older version, which refuses a column, is asked again with the columns that it knows", async () => {
      const { series } = await run(OLD_VERSION, heard(25));
      expect(named(series, "gpu.1.throttleReasons")?.v.at(-1)).toBe(0x40);
    });

    test("a tool without its driver is a reason, in its own words", async () => {
      const { series } = await run(NO_DRIVER, heard(10));
      expect(named(series, "gpu.nvidia")?.reason).toMatch(/no NVIDIA driver is loaded.*; .*couldn't communicate/);
    });

    test("a tool that never answers costs nothing but itself: the run ends in time, without it", async () => {
      const { series, stopMs, orphan } = await run("exec sleep 60", heard(5));
      expect(stopMs).toBeLessThan(5000);
      expect(orphan).toBe(false);
      expect(named(series, "gpu.nvidia")).toMatchObject({
        available: false,
        reason: expect.stringMatching(/had not answered \d+ ms after it was asked, when the run ended/),
      });
    });

    test.each([
      ["ends", ENDS, /it stopped answering: .*nvidia-smi ended with 15/],
      ["turns to rubbish", TURNS_TO_RUBBISH, /it stopped answering: .*Unable to determine/],
    ])("a tool that %s half way keeps the figures until then, with the reason", async (_name, script, reason) => {
      const { series, orphan } = await run(script, heard(40));
      expect(orphan).toBe(false);
      expect(named(series, "gpu.0.power")).toMatchObject({ available: true, reason: expect.stringMatching(reason) });
      expect(named(series, "gpu.0.power")!.v.length).toBeLessThan(named(series, "steady")!.v.length);
    });

    test.each([
      ["lines", "while :; do echo rubbish; done", /printed "rubbish", which holds no figures/],
      ["text without lines", "tr '\\0' x < /dev/zero", /printed \d+ characters without the end of a line/],
    ])("a flood of %s is cut off, and its source is ended", async (_name, script, reason) => {
      const { series, orphan } = await run(script, heard(20));
      expect(orphan).toBe(false);
      expect(named(series, "gpu.nvidia")?.reason).toMatch(reason);
    });

    test("a run that is shorter than a period starts no program", async () => {
      const { series, pid } = await run(TWO_CARDS, () => true);
      expect(pid).toBeNull();
      expect(named(series, "gpu.nvidia")?.reason).toBe("it is started 20 ms into a run, and this one was shorter");
    });
  },
);

test.each([
  "",
  "2, 0, 97",
  "2, 7, 1, 1, 1, 1, 1, 1",
  "2, -1, 1, 1, 1, 1, 1, 1",
  "a, b, c, d, e, f, g, h",
  "2, 0.5, 1, 1, 1, 1, 1, 1",
])("the line %j changes no figure", (line) => {
  const latest = new Float64Array(12).fill(5);
  expect(parseSmiLine(line, latest, 2, 6)).toBe(false);
  expect(latest).toEqual(new Float64Array(12).fill(5));
});
