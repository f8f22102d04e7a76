/**
 * NVIDIA's GPUs through NVML, the library of its driver, called by `koffi` where that is installed. No process is started,
 * and it is the only way to the energy counter.
 *
 * Starting the library can take a second while the driver wakes up, so that happens off this thread. A driver that never
 * answers would hold that other thread, and with it the end of this process, and there is no way to call it back; so
 * `nvidia-smi`, which can be killed, has to get an answer first.
 * https://docs.nvidia.com/deploy/nvml-api/
 */
import { findProgram } from "../command.ts";
import { textOrNull } from "../files.ts";
import { firstLines, startLines } from "../line-child.ts";
import { GPU_FIGURES, gpuChannels } from "./gpu.ts";
import { grown, type OpenSensor, type SensorProvider } from "./provider.ts";

/** The part of koffi that is used; https://koffi.dev/functions. */
interface Koffi {
  readonly load: (path: string) => { readonly func: (prototype: string) => NativeFunction };
}

interface NativeFunction {
  (...args: unknown[]): number;
  readonly async: (...args: unknown[]) => void;
}

const LIBRARY: Readonly<Record<string, string>> = { linux: "libnvidia-ml.so.1", win32: "nvml.dll" };
const SUCCESS = 0;
const MOST_GPUS = 16;
const FIGURES = GPU_FIGURES.length;

export const nvml: SensorProvider = {
  name: "gpu.nvidia",
  unit: "%",
  source: "NVML",
  open: async ({ root, path, load, ended }) => {
    const library = LIBRARY[process.platform];
    if (library === undefined) return { reason: "NVIDIA has no driver for this system" };
    if (process.platform === "linux" && textOrNull(root, "proc/driver/nvidia/version") === null) {
      return { reason: "no NVIDIA driver is loaded (no /proc/driver/nvidia)" };
    }
    let koffi: Koffi;
    try {
      const loaded = (await load("koffi")) as Koffi & { readonly default?: Koffi };
      koffi = loaded.default ?? loaded;
    } catch {
      return { reason: "NVML needs the package koffi, which is not installed" };
    }
    const program = findProgram("nvidia-smi", path);
    if (program === null)
      return { reason: "NVML is not tried without nvidia-smi, which tells whether the driver answers" };
    const child = startLines(program, ["--query-gpu=count", "--format=csv,noheader"]);
    ended.addEventListener("abort", child.close, { once: true });
    const [answer] = await firstLines(child);
    child.close();
    if (!(Number(answer) > 0)) return { reason: `nvidia-smi answered "${answer}", which counts no GPU` };
    if (ended.aborted) return { reason: "the run ended before the driver answered" };
    const functions = declare(koffi, library);
    const status = await new Promise<number>((resolve, reject) => {
      functions.init.async((error: Error | null, result: number) => (error ? reject(error) : resolve(result)));
    });
    if (status !== SUCCESS) return { reason: `NVML could not be started (nvmlInit answered ${status})` };
    const sensor = openDevices(functions);
    if (ended.aborted) functions.shutdown();
    return sensor ?? { reason: "NVML counts no GPU" };
  },
};

/** Handles are declared as numbers as wide as a pointer, and results go to buffers: nothing needs to be marshalled. */
function declare(koffi: Koffi, library: string) {
  const loaded = koffi.load(library);
  const func = (prototype: string) => loaded.func(prototype);
  const get = (name: string) => func(`int ${name}(uint64_t device, void *value)`);
  return {
    init: func("int nvmlInit_v2()"),
    shutdown: func("int nvmlShutdown()"),
    count: func("int nvmlDeviceGetCount_v2(void *count)"),
    handle: func("int nvmlDeviceGetHandleByIndex_v2(uint32_t index, void *device)"),
    utilization: get("nvmlDeviceGetUtilizationRates"),
    memory: get("nvmlDeviceGetMemoryInfo"),
    temperature: func("int nvmlDeviceGetTemperature(uint64_t device, int sensor, void *value)"),
    power: get("nvmlDeviceGetPowerUsage"),
    clock: func("int nvmlDeviceGetClockInfo(uint64_t device, int type, void *value)"),
    reasons: get("nvmlDeviceGetCurrentClocksThrottleReasons"),
    energy: get("nvmlDeviceGetTotalEnergyConsumption"),
  };
}

/** The clock of the streaming multiprocessors, and the sensor on the chip. */
const CLOCK_SM = 1;
const TEMPERATURE_GPU = 0;

function openDevices(functions: ReturnType<typeof declare>): OpenSensor | null {
  // nvmlMemory_t, the longest answer: total, free and used bytes.
  const answer = Buffer.alloc(24);
  const gpus = functions.count(answer) === SUCCESS ? Math.min(MOST_GPUS, answer.readUInt32LE(0)) : 0;
  const handles: bigint[] = [];
  for (let i = 0; i < gpus; i++) if (functions.handle(i, answer) === SUCCESS) handles.push(answer.readBigUInt64LE(0));
  if (handles.length === 0) return null;
  const word = (status: number) => (status === SUCCESS ? answer.readUInt32LE(0) : Number.NaN);
  const longWord = (status: number, at = 0) => (status === SUCCESS ? Number(answer.readBigUInt64LE(at)) : Number.NaN);
  const millijoules = (handle: bigint) => longWord(functions.energy(handle, answer));
  const began = handles.map(millijoules);
  return {
    slots: handles.length * FIGURES,
    channels: gpuChannels(handles.length, FIGURES, "NVML"),
    read: (raw) => {
      for (const [gpu, handle] of handles.entries()) {
        const at = gpu * FIGURES;
        raw[at] = word(functions.utilization(handle, answer));
        raw[at + 1] = longWord(functions.memory(handle, answer), 16);
        raw[at + 2] = word(functions.temperature(handle, TEMPERATURE_GPU, answer));
        raw[at + 3] = word(functions.power(handle, answer)) / 1000;
        raw[at + 4] = word(functions.clock(handle, CLOCK_SM, answer));
        raw[at + 5] = longWord(functions.reasons(handle, answer));
        raw[at + 6] = grown(millijoules(handle), began[gpu]!) / 1000;
      }
    },
    close: () => functions.shutdown(),
  };
}
