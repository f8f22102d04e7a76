import { closeAll, namesIn, RereadFile, textOrNull } from "../files.ts";
import { level, type SensorProvider } from "./provider.ts";

/** Processors whose frequency is read: each costs the kernel a call. */
const MOST_FREQUENCIES = 8;

export const frequency: SensorProvider = {
  name: "cpu.frequency",
  unit: "MHz",
  source: "/sys/devices/system/cpu/*/cpufreq",
  open: (root) => {
    const folder = "sys/devices/system/cpu";
    const paths = namesIn(root, folder)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => `${folder}/${name}/cpufreq/scaling_cur_freq`)
      .filter((path) => textOrNull(root, path) !== null)
      .slice(0, MOST_FREQUENCIES);
    if (paths.length === 0) return { reason: "no cpufreq on this system (usual in a virtual machine)" };
    const files = paths.map((path) => new RereadFile(root, path));
    return {
      slots: 1,
      channels: [level("cpu.frequency", "MHz", `/${folder}/*/cpufreq/scaling_cur_freq, mean of ${files.length}`, 0)],
      read: (raw) => {
        let sum = 0;
        for (const file of files) sum += Number(file.read());
        raw[0] = sum / files.length / 1000;
      },
      close: () => closeAll(files),
    };
  },
};
