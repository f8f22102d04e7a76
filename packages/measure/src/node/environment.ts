/**
 * What machine this is: processor, memory, graphics, system, runtime, and whether it is a virtual machine or a container.
 *
 * Guaranteed: it answers, within the time limit of the slowest program that it asks; it never throws. What is missing is
 * null with the reason. Not guaranteed: that the figures are true of the hardware; a virtual machine shows what it wants.
 */
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import { basename, dirname, join } from "node:path";
import type { Datum, RunRecord, SystemInfo } from "../record/schema.ts";
import { memoryLimit, processorQuota } from "./cgroup.ts";
import { findProgram, type RunCommand, runCommand } from "./command.ts";
import { namesIn, numberOrNull, readText, textOrNull } from "./files.ts";
import { loadPackage } from "./optional-package.ts";
import { powerSource } from "./power.ts";
import { type Answer, askSystemInformation, type SystemAnswers } from "./system-information.ts";

export interface EnvironmentOptions {
  /** Folder that stands for `/`: tests put a machine there. Default "/". */
  readonly root?: string;
  /** Folders that programs are looked for in; default the PATH. */
  readonly path?: string;
  /** For each program that is asked, ms; default 1000. */
  readonly timeoutMs?: number;
  /** What the runtime says about the system; default `node:os`. */
  readonly host?: Host;
  readonly run?: RunCommand;
  /** Loads a package that may not be installed; default `import`. */
  readonly load?: (name: string) => Promise<unknown>;
}

/** The part of `node:os` and `process` that is asked. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  readonly machine: string;
  readonly release: string;
  readonly version: string;
  readonly cpus: readonly { readonly model: string; readonly speed: number }[];
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly runtime: string;
  readonly runtimeVersion: string;
}

export interface MachineFacts {
  /** For `benchmark_data.system_info`; `cpu.utilization` is 0 until a window has been measured. */
  readonly systemInfo: SystemInfo;
  /** For `run.environment`. */
  readonly environment: RunRecord["run"]["environment"];
}

const SIXTY_FOUR_BIT = new Set(["x64", "arm64", "ppc64", "s390x", "riscv64", "loong64", "mips64el"]);
const SYSTEM_NAMES: Readonly<Record<string, string>> = { linux: "Linux", darwin: "Darwin", win32: "Windows" };

/** Reads the machine once. About 1 ms of this thread's time; the programs that it asks run beside it. */
export async function readEnvironment(options: EnvironmentOptions = {}): Promise<MachineFacts> {
  const { root = "/", path = process.env.PATH ?? "", timeoutMs = 1000, host = thisHost(), run = runCommand } = options;
  const { load = loadPackage } = options;
  // Linux shows everything in files.
  const asking = host.platform === "linux" ? null : askSystemInformation(load, timeoutMs);
  const [gpu, python] = await Promise.all([readGpu(path, timeoutMs, run), readPython(path, timeoutMs, run)]);
  const system = await asking;
  const cpu = readCpu(root, host, system);
  const memory = readMemory(root, host);
  return {
    systemInfo: {
      cpu: {
        name: cpu.name,
        architecture: host.machine,
        cores: cpu.cores,
        threads: cpu.threads,
        utilization: 0,
        frequency: (cpu.frequency.value as number | null) ?? 0,
      },
      memory: memory.info,
      gpu: gpu.info,
      platform: {
        system: SYSTEM_NAMES[host.platform] ?? host.platform,
        version: host.version,
        architecture: SIXTY_FOUR_BIT.has(host.arch) ? "64bit" : "32bit",
        python_version: python.value as string | null,
        runtime: host.runtime,
        runtime_version: host.runtimeVersion,
      },
    },
    environment: {
      cpu: {
        available: true,
        source: cpu.source,
        frequency: cpu.frequency,
        governor: textDatum(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        turbo: readTurbo(root),
        ...(system ? { temperature: answerDatum(system.temperature, "°C") } : {}),
        quota: limitDatum(processorQuota(root), "processors"),
        load1: readLoad(root),
      },
      memory: {
        available: true,
        source: memory.source,
        limit: limitDatum(memoryLimit(root), "bytes"),
        swap: memory.swap,
      },
      gpu: {
        ...gpu.details,
        others: system && "value" in system.adapters ? system.adapters.value : otherAdapters(root),
      },
      power: { available: true, source: "power supply", onBattery: readPower(root, system) },
      system: {
        available: true,
        source: "node:os",
        release: found(host.release, "node:os"),
        distribution: readDistribution(root),
        virtualMachine: readVirtualMachine(root),
        container: readContainer(root),
      },
      platform: { available: true, source: "PATH", python },
    },
  };
}

/** What `node:os` says here. */
export function thisHost(): Host {
  const { bun, deno } = process.versions;
  return {
    platform: os.platform(),
    arch: os.arch(),
    machine: os.machine(),
    release: os.release(),
    version: os.version(),
    cpus: os.cpus(),
    totalBytes: os.totalmem(),
    freeBytes: os.freemem(),
    runtime: bun ? "bun" : deno ? "deno" : "node",
    runtimeVersion: bun ?? deno ?? process.versions.node,
  };
}

function found(value: unknown, source: string, unit?: string): Datum {
  return { available: true, value, source, ...(unit ? { unit } : {}) };
}

function missing(reason: string, source: string): Datum {
  return { available: false, value: null, source, reason };
}

function textDatum(root: string, path: string): Datum {
  const file = readText(root, path);
  return "text" in file && file.text !== ""
    ? found(file.text, `/${path}`)
    : missing("reason" in file ? file.reason : "the file is empty", `/${path}`);
}

function limitDatum(limit: ReturnType<typeof memoryLimit>, unit: string): Datum {
  return limit.value === null ? missing(limit.reason ?? "", limit.source) : found(limit.value, limit.source, unit);
}

function answerDatum(answer: Answer<unknown>, unit?: string): Datum {
  return "value" in answer
    ? found(answer.value, "systeminformation", unit)
    : missing(answer.reason, "systeminformation");
}

function readCpu(root: string, host: Host, system: SystemAnswers | null) {
  const blocks = (textOrNull(root, "proc/cpuinfo") ?? "").split(/\n\s*\n/).map(fields);
  const processors = blocks.filter((block) => block.has("processor"));
  const first = processors[0];
  const threads = processors.length || host.cpus.length || 1;
  const name =
    first?.get("model name") ||
    first?.get("cpu model") ||
    first?.get("Processor") ||
    host.cpus[0]?.model.trim() ||
    "Unknown";
  return {
    name,
    threads,
    cores:
      system && "value" in system.physicalCores
        ? Math.min(system.physicalCores.value, threads)
        : physicalCores(root, processors, threads),
    frequency: readFrequency(root, processors, host, system),
    source: first ? "/proc/cpuinfo" : "node:os",
  };
}

/** Distinct (package, core) pairs; where the system names none, every logical processor counts as a core. */
function physicalCores(root: string, processors: readonly Map<string, string>[], threads: number): number {
  const cores = new Set<string>();
  for (const [i, processor] of processors.entries()) {
    const topology = `sys/devices/system/cpu/cpu${processor.get("processor") ?? i}/topology`;
    const core = processor.get("core id") ?? textOrNull(root, `${topology}/core_id`);
    const socket = processor.get("physical id") ?? textOrNull(root, `${topology}/physical_package_id`);
    if (core !== null) cores.add(`${socket}/${core}`);
  }
  return cores.size > 0 ? Math.min(cores.size, threads) : threads;
}

function readFrequency(
  root: string,
  processors: readonly Map<string, string>[],
  host: Host,
  system: SystemAnswers | null,
): Datum {
  const current = "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq";
  const kiloHertz = numberOrNull(root, current);
  if (kiloHertz !== null && kiloHertz > 0) return found(kiloHertz / 1000, `/${current}`, "MHz");
  const listed = Number(processors[0]?.get("cpu MHz"));
  if (listed > 0) return found(listed, "/proc/cpuinfo", "MHz");
  const speed = host.cpus[0]?.speed ?? 0;
  if (speed > 0) return found(speed, "node:os", "MHz");
  if (system && "value" in system.frequency) return answerDatum(system.frequency, "MHz");
  return missing("neither cpufreq, /proc/cpuinfo nor the runtime gives a frequency", "cpufreq");
}

/** Whether the processor may go above its base clock: the cpufreq core's switch, or that of intel_pstate, which is the opposite. */
function readTurbo(root: string): Datum {
  const boost = numberOrNull(root, "sys/devices/system/cpu/cpufreq/boost");
  if (boost !== null) return found(boost === 1, "/sys/devices/system/cpu/cpufreq/boost");
  const noTurbo = numberOrNull(root, "sys/devices/system/cpu/intel_pstate/no_turbo");
  if (noTurbo !== null) return found(noTurbo === 0, "/sys/devices/system/cpu/intel_pstate/no_turbo");
  return missing("neither cpufreq/boost nor intel_pstate/no_turbo on this system", "cpufreq");
}

function readPower(root: string, system: SystemAnswers | null): Datum {
  if (system) return answerDatum(system.onBattery);
  const { onBattery, source, reason } = powerSource(root);
  return onBattery === null ? missing(reason ?? "", source) : found(onBattery, source);
}

function readMemory(root: string, host: Host) {
  const listed = textOrNull(root, "proc/meminfo");
  const lines = fields(listed ?? "");
  const bytes = (name: string) => {
    const value = Number.parseInt(lines.get(name) ?? "", 10);
    return Number.isFinite(value) ? value * 1024 : null;
  };
  const total = bytes("MemTotal") ?? host.totalBytes;
  const available = Math.min(total, bytes("MemAvailable") ?? bytes("MemFree") ?? host.freeBytes);
  const used = total - available;
  const swap = bytes("SwapTotal");
  return {
    info: { total, used, available, percent: total > 0 ? (used / total) * 100 : 0 },
    source: listed === null ? "node:os" : "/proc/meminfo",
    swap:
      swap === null ? missing("no SwapTotal in /proc/meminfo", "/proc/meminfo") : found(swap, "/proc/meminfo", "bytes"),
  };
}

function readLoad(root: string): Datum {
  const text = textOrNull(root, "proc/loadavg");
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value)
    ? found(value, "/proc/loadavg", "runnable")
    : missing("no /proc/loadavg on this system", "/proc/loadavg");
}

function readDistribution(root: string): Datum {
  const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(textOrNull(root, "etc/os-release") ?? "")?.[1];
  return name ? found(name, "/etc/os-release") : missing("no /etc/os-release with a name", "/etc/os-release");
}

function readVirtualMachine(root: string): Datum {
  const vendor = textOrNull(root, "sys/class/dmi/id/sys_vendor") ?? "";
  const product = textOrNull(root, "sys/class/dmi/id/product_name") ?? "";
  const known =
    /qemu|kvm|vmware|virtualbox|innotek|xen|microsoft corporation.*virtual|amazon ec2|google compute|parallels|bochs|openstack|digitalocean|hetzner/i;
  if (known.test(`${vendor} ${product}`)) return found(`${vendor} ${product}`.trim(), "/sys/class/dmi/id");
  const hypervisor = textOrNull(root, "sys/hypervisor/type");
  if (hypervisor) return found(hypervisor, "/sys/hypervisor/type");
  if (/microsoft/i.test(textOrNull(root, "proc/version") ?? "")) return found("WSL", "/proc/version");
  const cpuinfo = textOrNull(root, "proc/cpuinfo");
  if (/^flags\s*:.*\bhypervisor\b/m.test(cpuinfo ?? "")) return found("unnamed hypervisor", "/proc/cpuinfo");
  if (cpuinfo === null) return missing("no /proc/cpuinfo on this system", "/proc/cpuinfo");
  return found("none", "/proc/cpuinfo");
}

function readContainer(root: string): Datum {
  if (textOrNull(root, ".dockerenv") !== null) return found("docker", "/.dockerenv");
  if (textOrNull(root, "run/.containerenv") !== null) return found("podman", "/run/.containerenv");
  const groups = readText(root, "proc/1/cgroup");
  if (!("text" in groups)) return missing(groups.reason, "/proc/1/cgroup");
  const kind = /docker|kubepods|containerd|lxc|podman/.exec(groups.text)?.[0];
  return found(kind ?? "none", "/proc/1/cgroup");
}

const UNKNOWN_GPU: SystemInfo["gpu"] = { name: "Unknown", memory_total: 0, memory_used: 0, utilization: 0 };

async function readGpu(path: string, timeoutMs: number, run: RunCommand) {
  const unknown = (reason: string) => ({
    info: { ...UNKNOWN_GPU },
    details: { available: false, value: null, source: "nvidia-smi", reason },
  });
  const program = findProgram("nvidia-smi", path);
  if (program === null) return unknown("no nvidia-smi on the PATH: no NVIDIA driver, or not in this container");
  const columns = "name,memory.total,memory.used,utilization.gpu,driver_version";
  const answer = await run(program, [`--query-gpu=${columns}`, "--format=csv,noheader,nounits"], timeoutMs);
  if ("reason" in answer) return unknown(answer.reason);
  const lines = answer.output.split("\n").filter((line) => line.trim() !== "");
  const [name, total, used, utilization, driver] = (lines[0] ?? "").split(",").map((cell) => cell.trim());
  if (!name || total === undefined || used === undefined || utilization === undefined) {
    return unknown(`nvidia-smi answered "${answer.output.slice(0, 80)}", which names no GPU`);
  }
  const figure = (text: string) => (Number.isFinite(Number(text)) ? Number(text) : 0);
  const unread = [total, used, utilization].filter((text) => !Number.isFinite(Number(text))).length;
  return {
    info: {
      name,
      memory_total: figure(total),
      memory_used: figure(used),
      utilization: Math.min(100, figure(utilization)),
    },
    details: {
      available: true,
      value: lines.length,
      unit: "GPUs",
      source: "nvidia-smi",
      driver: driver ?? null,
      ...(unread > 0 ? { reason: `the driver gives no number for ${unread} of 3 figures; they stand as 0` } : {}),
    },
  };
}

/** Graphics adapters that the kernel lists, of any maker. */
function otherAdapters(root: string): { card: string; vendor: string }[] {
  const makers: Readonly<Record<string, string>> = { "0x1002": "AMD", "0x8086": "Intel", "0x10de": "NVIDIA" };
  const adapters: { card: string; vendor: string }[] = [];
  for (const card of namesIn(root, "sys/class/drm")) {
    if (!/^card\d+$/.test(card)) continue;
    const vendor = textOrNull(root, `sys/class/drm/${card}/device/vendor`);
    if (vendor !== null) adapters.push({ card, vendor: makers[vendor] ?? vendor });
  }
  return adapters;
}

async function readPython(path: string, timeoutMs: number, run: RunCommand): Promise<Datum> {
  const program = findProgram("python3", path);
  if (program === null) return missing("no python3 on the PATH", "python3 --version");
  const chosen = pyenvVersion(program);
  if (chosen !== null) return found(chosen.version, chosen.source);
  const answer = await run(program, ["--version"], timeoutMs);
  if ("reason" in answer) return missing(answer.reason, "python3 --version");
  const version = /^Python (\d+\.\d+\S*)/m.exec(answer.output)?.[1];
  return version
    ? found(version, "python3 --version")
    : missing(`python3 answered "${answer.output.slice(0, 80)}", which names no version`, "python3 --version");
}

/**
 * The version that pyenv's `python3` would start, where one file says so; null for any other python3, and where pyenv would
 * have to look further. Its launcher is a shell script that takes 60 ms of a processor to find out the same.
 */
function pyenvVersion(program: string): { version: string; source: string } | null {
  const shims = dirname(program);
  if (basename(shims) !== "shims" || process.env.PYENV_VERSION) return null;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".python-version"))) return null;
    if (dirname(folder) === folder) break;
  }
  const source = join(dirname(shims), "version");
  const version = existsSync(source) ? readFileSync(source, "utf8").trim() : "";
  return /^\d+\.\d+\.\d+$/.test(version) ? { version, source } : null;
}

/** `key : value` lines, as in /proc/cpuinfo and /proc/meminfo. */
function fields(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) found.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return found;
}
