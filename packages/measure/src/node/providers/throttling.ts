/** Who held the processors back: the control group's quota, and the processor's own thermal protection. */
import { processorFolders } from "../cgroup.ts";
import { closeAll, namesIn, numberOrNull, RereadFile, textOrNull } from "../files.ts";
import { grown, numberAfter, numberIn, percent, rate, type SensorProvider } from "./provider.ts";

/** Time in which the control group was not allowed to run: microseconds in version 2, nanoseconds in version 1. */
export const throttling: SensorProvider = {
  name: "cgroup.throttled",
  unit: "%",
  source: "cgroup cpu.stat",
  open: ({ root }) => {
    for (const { folder, version } of processorFolders(root)) {
      const path = `${folder}/cpu.stat`;
      const key = version === 2 ? "throttled_usec" : "throttled_time";
      const text = textOrNull(root, path);
      if (text === null || !text.includes(key)) continue;
      const file = new RereadFile(root, path);
      const scale = version === 2 ? 1000 : 1;
      return {
        slots: 3,
        channels: [
          rate("cgroup.throttled", "%", `/${path}`, (now, before, elapsedNs) =>
            percent(grown(now[0]!, before[0]!), elapsedNs),
          ),
          rate("cgroup.throttledPeriods", "% of periods", `/${path}`, (now, before) => {
            const periods = grown(now[2]!, before[2]!);
            return periods === 0 ? 0 : percent(grown(now[1]!, before[1]!), periods);
          }),
        ],
        read: (raw) => {
          const now = file.read();
          raw[0] = numberAfter(now, key) * scale;
          raw[1] = numberAfter(now, "nr_throttled");
          raw[2] = numberAfter(now, "nr_periods");
        },
        close: () => file.close(),
      };
    }
    return { reason: "no control group counts throttling here" };
  },
};

/** Processors whose counter is read. */
const MOST_PROCESSORS = 16;
const FOLDER = "sys/devices/system/cpu";

/** How often processors slowed down to cool off. https://docs.kernel.org/admin-guide/thermal/intel_thermal_throttle.html */
export const thermalThrottling: SensorProvider = {
  name: "cpu.thermalThrottle",
  unit: "events",
  source: "/sys/devices/system/cpu/*/thermal_throttle",
  later: "files",
  open: ({ root }) => {
    const paths = namesIn(root, FOLDER)
      .filter((name) => /^cpu\d+$/.test(name))
      .slice(0, MOST_PROCESSORS)
      .map((name) => `${FOLDER}/${name}/thermal_throttle/core_throttle_count`)
      .concat(`${FOLDER}/cpu0/thermal_throttle/package_throttle_count`)
      .filter((path) => numberOrNull(root, path) !== null);
    if (paths.length === 0)
      return { reason: "no thermal_throttle counters (an Intel processor outside a virtual machine has them)" };
    const files = paths.map((path) => new RereadFile(root, path));
    const source = `/${FOLDER}/*/thermal_throttle, sum of ${files.length}`;
    return {
      slots: 1,
      channels: [rate("cpu.thermalThrottle", "events", source, (now, before) => grown(now[0]!, before[0]!))],
      read: (raw) => {
        let sum = 0;
        for (const file of files) sum += numberIn(file.read());
        raw[0] = sum;
      },
      close: () => closeAll(files),
    };
  },
};
