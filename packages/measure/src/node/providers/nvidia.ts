import { firstOf } from "./gpu.ts";
import { nvidiaSmi } from "./nvidia-smi.ts";
import { nvml } from "./nvml.ts";
import type { SensorProvider } from "./provider.ts";

/** NVIDIA's GPUs: its library, called directly where `koffi` is installed, else its tool. */
export const nvidia: SensorProvider = {
  name: "gpu.nvidia",
  unit: "%",
  source: "NVML, nvidia-smi",
  later: "program",
  open: (place) => firstOf([nvml, nvidiaSmi], place),
};
