import { RereadFile } from "../files.ts";
import { level, type SensorProvider } from "./provider.ts";

export const memory: SensorProvider = {
  name: "memory.used",
  unit: "bytes",
  source: "/proc/meminfo",
  open: (root) => {
    const file = new RereadFile(root, "proc/meminfo");
    return {
      slots: 2,
      channels: [
        level("memory.used", "bytes", "/proc/meminfo", 0),
        level("memory.available", "bytes", "/proc/meminfo", 1),
      ],
      read: (raw) => {
        const text = file.read();
        const total = kibibytes(text, "MemTotal:");
        const available = kibibytes(text, "MemAvailable:");
        raw[0] = total - available;
        raw[1] = available;
      },
      close: () => file.close(),
    };
  },
};

function kibibytes(text: string, name: string): number {
  const at = text.indexOf(name);
  return at < 0 ? Number.NaN : Number.parseInt(text.slice(at + name.length, at + name.length + 24), 10) * 1024;
}
