import { fileReason, RereadFile } from "../files.ts";
import { level, numberAfter, type OpenSensor, type Raw, type SensorProvider } from "./provider.ts";

export const memory: SensorProvider = {
  name: "memory.used",
  unit: "bytes",
  source: "/proc/meminfo",
  open: ({ root, host }) => {
    try {
      const file = new RereadFile(root, "proc/meminfo");
      return sensor("/proc/meminfo", (raw) => parseMeminfo(file.read(), raw), file);
    } catch (error) {
      if (host === null) return { reason: fileReason("/proc/meminfo", error) };
      return sensor("node:os", (raw) => {
        raw[1] = host.freemem();
        raw[0] = host.totalmem() - raw[1];
      });
    }
  },
};

/** Used and available bytes. */
function parseMeminfo(text: string, raw: Raw): void {
  raw[1] = numberAfter(text, "MemAvailable:") * 1024;
  raw[0] = numberAfter(text, "MemTotal:") * 1024 - raw[1]!;
}

function sensor(source: string, read: OpenSensor["read"], file?: RereadFile): OpenSensor {
  return {
    slots: 2,
    channels: [level("memory.used", "bytes", source, 0), level("memory.available", "bytes", source, 1)],
    read,
    close: () => file?.close(),
  };
}
