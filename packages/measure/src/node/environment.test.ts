import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { buildRecord } from "../record/build.ts";
import { TINY_RUN } from "../record/fixtures/facts.ts";
import { validate } from "../record/validate.ts";
import { findProgram, runCommand } from "./command.ts";
import { type Host, readEnvironment } from "./environment.ts";
import {
  BARE_METAL,
  BROKEN,
  CONTAINER,
  CONTAINER_V1,
  LAPTOP,
  type MachineFiles,
  VIRTUAL,
} from "./fixtures/machines.ts";
import { machine, program } from "./fixtures/made-machine.ts";
import { MACBOOK, WINDOWS_TOWER } from "./fixtures/system-information.ts";

const HOST: Host = {
  platform: "linux",
  arch: "x64",
  machine: "x86_64",
  release: "6.1.0",
  version: "#1 SMP",
  cpus: [{ model: "Host CPU", speed: 0 }],
  totalBytes: 1000,
  freeBytes: 400,
  runtime: "node",
  runtimeVersion: "20.19.0",
};

const environment = (files: MachineFiles, options = {}) =>
  readEnvironment({ root: machine(files), path: "", host: HOST, ...options });

describe("readEnvironment", () => {
  test("bare metal: cores are told from threads, and the clock and governor come from cpufreq", async () => {
    const { systemInfo, environment: found } = await environment(BARE_METAL);
    expect(systemInfo.cpu).toEqual({
      name: "Fast CPU 9000",
      architecture: "x86_64",
      cores: 2,
      threads: 4,
      utilization: 0,
      frequency: 3600,
    });
    expect(systemInfo.memory).toEqual({
      total: 16_384_000_000,
      used: 4_096_000_000,
      available: 12_288_000_000,
      percent: 25,
    });
    expect(found.cpu?.governor).toMatchObject({ available: true, value: "performance" });
    expect(found.cpu?.quota).toMatchObject({
      available: false,
      value: null,
      reason: "the control group sets no limit",
    });
    expect(found.system).toMatchObject({
      distribution: { value: "Made Up Linux 1" },
      virtualMachine: { value: "none" },
      container: { value: "none" },
    });
  });

  test("a machine without an NVIDIA tool has the GPU that readers expect, with the reason and other adapters beside it", async () => {
    const { systemInfo, environment: found } = await environment(BARE_METAL);
    expect(systemInfo.gpu).toEqual({ name: "Unknown", memory_total: 0, memory_used: 0, utilization: 0 });
    expect(found.gpu).toMatchObject({ available: false, value: null, others: [{ card: "card0", vendor: "AMD" }] });
    expect(found.gpu?.reason).toContain("no nvidia-smi on the PATH");
  });

  test("a virtual machine is told, and its missing governor has a reason", async () => {
    const { systemInfo, environment: found } = await environment(VIRTUAL);
    expect(systemInfo.cpu).toMatchObject({ cores: 1, threads: 1, frequency: 2500 });
    expect(found.system?.virtualMachine).toMatchObject({ value: "QEMU Standard PC (Q35)" });
    expect(found.cpu?.governor).toMatchObject({
      available: false,
      value: null,
      reason: "no /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor on this system",
    });
  });

  test("a container's tightest limit counts, wherever on the way up it stands", async () => {
    const { environment: found, systemInfo } = await environment(CONTAINER);
    expect(found.memory?.limit).toMatchObject({
      value: 512_000_000,
      source: "/sys/fs/cgroup/kubepods/pod7/memory.max",
    });
    expect(found.cpu?.quota).toMatchObject({ value: 1.5 });
    expect(found.system?.container).toMatchObject({ value: "docker" });
    expect(systemInfo.cpu).toMatchObject({ name: "Host CPU", frequency: 0 });
    expect(found.cpu?.frequency).toMatchObject({ available: false, value: null });
  });

  test("control groups version 1 give the same limits", async () => {
    const { environment: found } = await environment(CONTAINER_V1);
    expect(found.memory?.limit).toMatchObject({ value: 256_000_000 });
    expect(found.cpu?.quota).toMatchObject({ value: 0.5 });
    expect(found.system?.container).toMatchObject({ value: "docker" });
  });

  test.each<[string, MachineFiles]>([
    ["nothing at all", {}],
    ["nonsense", BROKEN],
  ])("files with %s: the runtime's figures stand in, and the record is still valid", async (_name, files) => {
    const { systemInfo, environment: found } = await environment(files);
    expect(systemInfo.memory).toMatchObject({ total: 1000, used: 600, available: 400 });
    expect(systemInfo.cpu).toMatchObject({ cores: 1, threads: 1, frequency: 0 });
    expect(validate(buildRecord({ ...TINY_RUN, systemInfo, environment: found }))).toEqual({ valid: true });
  });

  test("a laptop on its battery is told, whatever the mouse runs on, and that turbo is off", async () => {
    const { environment: found } = await environment(LAPTOP);
    expect(found.power?.onBattery).toEqual({ available: true, value: true, source: "/sys/class/power_supply" });
    expect(found.cpu?.turbo).toMatchObject({ value: false, source: "/sys/devices/system/cpu/intel_pstate/no_turbo" });
    const plugged = { ...LAPTOP, "sys/class/power_supply/BAT0/status": "Charging\n" };
    expect((await environment(plugged)).environment.power?.onBattery).toMatchObject({ value: false });
    const { environment: other } = await environment(BARE_METAL);
    expect(other.power?.onBattery).toMatchObject({
      available: false,
      value: null,
      reason: "no /sys/class/power_supply on this system",
    });
    expect(other.cpu?.turbo).toMatchObject({ value: true });
  });

  test("macOS: what the runtime does not know comes from systeminformation", async () => {
    const { host, load } = MACBOOK;
    const { systemInfo, environment: found } = await environment({}, { host, load });
    expect(systemInfo.cpu).toMatchObject({ name: "Apple M3", cores: 8, threads: 8, frequency: 2400 });
    expect(found.power?.onBattery).toMatchObject({ value: true, source: "systeminformation" });
    expect(found.cpu?.temperature).toMatchObject({ value: null, reason: expect.stringContaining("cpuTemperature") });
    expect(found.gpu).toMatchObject({ available: false, others: [{ card: "Apple M3", vendor: "Apple" }] });
    expect(validate(buildRecord({ ...TINY_RUN, systemInfo, environment: found }))).toEqual({ valid: true });
  });

  test("Windows: cores are told from threads, and a machine without a battery is not on one", async () => {
    const { host, load } = WINDOWS_TOWER;
    const { systemInfo, environment: found } = await environment({}, { host, load });
    expect(systemInfo.cpu).toMatchObject({ cores: 8, threads: 16, frequency: 3800 });
    expect(found.power?.onBattery).toMatchObject({ value: false });
    expect(found.cpu?.temperature).toMatchObject({ value: 51, unit: "°C" });
    expect(found.gpu?.others).toEqual([{ card: "GeForce RTX 4070", vendor: "NVIDIA" }]);
  });

  test.each<[string, (name: string) => Promise<unknown>, RegExp]>([
    ["not installed", (name) => import(`${name}/is-not-here`), /systeminformation is not installed/],
    ["silent", () => new Promise(() => undefined), /no answer within 100 ms/],
    ["of another shape", async () => ({}), /systeminformation (battery|cpu)/],
    ["broken", async () => ({ default: { battery: () => Promise.reject(new Error("no WMI")) } }), /no WMI/],
    ["rubbish", async () => ({ battery: async () => "?", cpu: async () => null }), /gives no figure/],
  ])("systeminformation that is %s costs nothing but its answers", async (_name, load, reason) => {
    const { systemInfo, environment: found } = await environment({}, { host: MACBOOK.host, load, timeoutMs: 100 });
    expect(systemInfo.cpu).toMatchObject({ name: "Apple M3", cores: 8 });
    expect(found.power?.onBattery).toMatchObject({
      available: false,
      value: null,
      reason: expect.stringMatching(reason),
    });
  });

  test("other systems keep their names, and 32 bits are told from 64", async () => {
    const of = async (platform: string, arch: string) =>
      (await environment({}, { host: { ...HOST, platform, arch } })).systemInfo.platform;
    expect(await of("darwin", "arm64")).toMatchObject({ system: "Darwin", architecture: "64bit" });
    expect(await of("win32", "ia32")).toMatchObject({ system: "Windows", architecture: "32bit" });
    expect(await of("linux", "arm")).toMatchObject({ system: "Linux", architecture: "32bit" });
  });

  test("an NVIDIA GPU is read from its tool", async () => {
    const path = program("nvidia-smi", 'echo "Big GPU, 81559, 1024, 37, 550.54"');
    const { systemInfo, environment: found } = await environment(BARE_METAL, { path });
    expect(systemInfo.gpu).toEqual({ name: "Big GPU", memory_total: 81559, memory_used: 1024, utilization: 37 });
    expect(found.gpu).toMatchObject({ available: true, driver: "550.54" });
  });

  test.each([
    ["fails", "echo no driver >&2; exit 9", /ended with 9: no driver/],
    ["answers nonsense", "echo hello", /names no GPU/],
    ["answers nothing", "exit 0", /names no GPU/],
    ["hangs", "sleep 5", /did not answer within 200 ms/],
  ])("an NVIDIA tool that %s costs nothing but its figures", async (_name, script, reason) => {
    const { systemInfo, environment: found } = await environment(BARE_METAL, {
      path: program("nvidia-smi", script),
      timeoutMs: script.includes("sleep") ? 200 : 5000,
    });
    expect(systemInfo.gpu.name).toBe("Unknown");
    expect(found.gpu?.reason).toMatch(reason);
  });

  test.each([
    ["echo Python 3.11.7", "3.11.7"],
    ["echo Python 3.4.0 >&2", "3.4.0"],
    ["echo Jython", null],
    ["exit 3", null],
  ])("python3 that runs `%s` has version %s", async (script, version) => {
    const { systemInfo, environment: found } = await environment(
      {},
      { path: program("python3", script), timeoutMs: 5000 },
    );
    expect(systemInfo.platform.python_version).toBe(version);
    expect(found.platform?.python).toMatchObject({ available: version !== null, value: version });
  });

  test.each([
    ["3.11.7\n", undefined, "3.11.7"],
    ["system\n", undefined, "3.9.1"],
    ["3.11.7\n", "3.9.1", "3.9.1"],
  ])("pyenv's launcher, with %j chosen and PYENV_VERSION %j, has version %s", async (chosen, set, version) => {
    const home = dirname(program("unused", ""));
    const shims = join(mkdtempSync(join(home, "pyenv-")), "shims");
    mkdirSync(shims);
    writeFileSync(join(shims, "python3"), "#!/bin/sh\necho Python 3.9.1\n", { mode: 0o755 });
    writeFileSync(join(dirname(shims), "version"), chosen);
    vi.stubEnv("PYENV_VERSION", set);
    const { systemInfo } = await environment({}, { path: shims, timeoutMs: 5000 });
    vi.unstubAllEnvs();
    expect(systemInfo.platform.python_version).toBe(version);
  });

  test("this machine is read, and makes a valid record", async () => {
    const { systemInfo, environment: found } = await readEnvironment();
    expect(systemInfo.memory.total).toBeGreaterThan(0);
    expect(systemInfo.cpu.threads).toBeGreaterThanOrEqual(systemInfo.cpu.cores);
    expect(systemInfo.platform.runtime_version).toBe(process.versions.node);
    expect(validate(buildRecord({ ...TINY_RUN, systemInfo, environment: found }))).toEqual({ valid: true });
  });
});

describe("runCommand", () => {
  test("a program that is not there is a reason, not an exception", async () => {
    expect(await runCommand("/nowhere/at-all", [], 1000)).toMatchObject({
      reason: expect.stringContaining("could not be started"),
    });
  });

  test("arguments reach the program as they are: there is no shell", async () => {
    expect(await runCommand(process.execPath, ["-p", "process.argv[1]", "$(echo x); 'y'"], 10_000)).toEqual({
      output: "$(echo x); 'y'",
    });
  });

  test("a child's child that keeps the pipe open does not hold the answer back", async () => {
    const path = program("slow", "sleep 5 & echo started; wait");
    expect(await runCommand(join(path, "slow"), [], 300)).toMatchObject({ reason: expect.stringContaining("300 ms") });
  });

  test("a relative folder on the PATH is never searched", () => {
    expect(findProgram("package.json", ".:packages")).toBeNull();
    expect(findProgram("sh")).toMatch(/^\/.*\/sh$/);
  });
});
