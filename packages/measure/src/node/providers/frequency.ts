import { closeAll, namesIn, numberOrNull, RereadFile } from "../files.ts";
import { level, numberIn, type SensorProvider } from "./provider.ts";

/** Processors whose frequency is read: each costs the kernel a call. */
const MOST_FREQUENCIES = 16;

const FOLDER = "sys/devices/system/cpu";

/** https://docs.kernel.org/admin-guide/pm/cpufreq.html */
export const frequency: SensorProvider = {
  name: "cpu.frequency",
  unit: "MHz",
  source: "/sys/devices/system/cpu/*/cpufreq",
  later: "files",
  open: ({ root }) => {
    const paths = namesIn(root, FOLDER)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => `${FOLDER}/${name}/cpufreq/scaling_cur_freq`)
      .filter((path) => numberOrNull(root, path) !== null);
    if (paths.length === 0) return { reason: "no cpufreq on this system (usual in a virtual machine)" };
    const files = paths.slice(0, MOST_FREQUENCIES).map((path) => new RereadFile(root, path));
    const source = `/${FOLDER}/*/cpufreq/scaling_cur_freq`;
    return {
      slots: 2,
      channels: [
        level("cpu.frequency", "MHz", `${source}, mean of ${files.length}`, 0),
        // Of a part of the processors the highest says nothing: a thread may run on another one.
        ...(files.length === paths.length
          ? [level("cpu.highestFrequency", "MHz", `${source}, highest of ${files.length}`, 1)]
          : []),
      ],
      read: (raw) => {
        let sum = 0;
        let highest = 0;
        for (const file of files) {
          const kiloHertz = numberIn(file.read());
          sum += kiloHertz;
          highest = Math.max(highest, kiloHertz);
        }
        raw[0] = sum / files.length / 1000;
        raw[1] = highest / 1000;
      },
      close: () => closeAll(files),
    };
  },
};
