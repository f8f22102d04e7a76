/** AMD's and Intel's graphics cards as Linux shows them in files. */
import { namesIn, numberOrNull } from "../files.ts";
import { fileLevels } from "./file-levels.ts";
import { cardsOf } from "./gpu.ts";
import type { SensorProvider } from "./provider.ts";

interface Candidate {
  readonly name: string;
  readonly unit: string;
  readonly scale: number;
  /** Under the card's folder, the first that is there; `*` stands for each folder below hwmon. */
  readonly paths: readonly string[];
}

/** https://docs.kernel.org/gpu/amdgpu/thermal.html; watts come as microwatts, the clock as hertz. */
const AMD: readonly Candidate[] = [
  { name: "utilization", unit: "%", scale: 1, paths: ["device/gpu_busy_percent"] },
  { name: "memoryUsed", unit: "bytes", scale: 1, paths: ["device/mem_info_vram_used"] },
  { name: "temperature", unit: "°C", scale: 1e-3, paths: ["device/hwmon/*/temp1_input"] },
  { name: "power", unit: "W", scale: 1e-6, paths: ["device/hwmon/*/power1_average", "device/hwmon/*/power1_input"] },
  { name: "clock", unit: "MHz", scale: 1e-6, paths: ["device/hwmon/*/freq1_input"] },
];

/** Drivers i915 and xe. https://docs.kernel.org/gpu/xe/xe_gt_freq.html, Documentation/ABI/testing/sysfs-driver-intel-i915-hwmon */
const INTEL: readonly Candidate[] = [
  {
    name: "clock",
    unit: "MHz",
    scale: 1,
    paths: ["gt/gt0/rps_act_freq_mhz", "gt_act_freq_mhz", "device/tile0/gt0/freq0/act_freq"],
  },
  {
    name: "throttled",
    unit: "0 or 1",
    scale: 1,
    paths: ["gt/gt0/throttle_reason_status", "device/tile0/gt0/freq0/throttle/status"],
  },
];

export const amdGpu = cards("AMD", "0x1002", AMD);
export const intelGpu = cards("Intel", "0x8086", INTEL);

function cards(maker: string, vendor: string, candidates: readonly Candidate[]): SensorProvider {
  return {
    name: `gpu.${maker.toLowerCase()}`,
    unit: "%",
    source: "/sys/class/drm",
    later: "files",
    open: ({ root }) => {
      const found = cardsOf(root, vendor);
      if (found.length === 0) return { reason: `no graphics card by ${maker} in /sys/class/drm` };
      const figures = found.flatMap(({ card, folder }) =>
        candidates.flatMap(({ name, unit, scale, paths }) => {
          const path = paths
            .flatMap((path) => expand(root, `${folder}/${path}`))
            .find((path) => numberOrNull(root, path) !== null);
          return path === undefined ? [] : [{ name: `gpu.${card}.${name}`, unit, scale, path }];
        }),
      );
      return figures.length > 0
        ? fileLevels(root, figures)
        : { reason: `the driver of the card by ${maker} shows no figures` };
    },
  };
}

function expand(root: string, path: string): string[] {
  const [before, after] = path.split("*");
  if (after === undefined) return [path];
  return namesIn(root, before!).map((name) => `${before}${name}${after}`);
}
