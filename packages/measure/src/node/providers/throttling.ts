import { processorFolders } from "../cgroup.ts";
import { RereadFile, textOrNull } from "../files.ts";
import { percent, rate, type SensorProvider } from "./provider.ts";

/** Time in which the control group was not allowed to run: microseconds in version 2, nanoseconds in version 1. */
export const throttling: SensorProvider = {
  name: "cgroup.throttled",
  unit: "%",
  source: "cgroup cpu.stat",
  open: (root) => {
    for (const { folder, version } of processorFolders(root)) {
      const path = `${folder}/cpu.stat`;
      const key = version === 2 ? "throttled_usec" : "throttled_time";
      const text = textOrNull(root, path);
      if (text === null || !text.includes(key)) continue;
      const file = new RereadFile(root, path);
      const scale = version === 2 ? 1000 : 1;
      return {
        slots: 1,
        channels: [
          rate("cgroup.throttled", "%", `/${path}`, (now, before, elapsedNs) =>
            percent(now[0]! - before[0]!, elapsedNs),
          ),
        ],
        read: (raw) => {
          const now = file.read();
          const at = now.indexOf(key);
          raw[0] = at < 0 ? Number.NaN : Number.parseInt(now.slice(at + key.length), 10) * scale;
        },
        close: () => file.close(),
      };
    }
    return { reason: "no control group counts throttling here" };
  },
};
