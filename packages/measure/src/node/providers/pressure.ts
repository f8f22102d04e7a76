import { RereadFile } from "../files.ts";
import { percent, rate, type SensorProvider } from "./provider.ts";

/** Share of time in which some task waited for the resource. https://docs.kernel.org/accounting/psi.html */
export const pressure = (resource: "cpu" | "memory" | "io"): SensorProvider => {
  const path = `proc/pressure/${resource}`;
  const name = `pressure.${resource}.some`;
  return {
    name,
    unit: "%",
    source: `/${path}`,
    open: (root) => {
      const file = new RereadFile(root, path);
      return {
        slots: 1,
        channels: [
          rate(name, "%", `/${path}`, (now, before, elapsedNs) => percent((now[0]! - before[0]!) * 1000, elapsedNs)),
        ],
        read: (raw) => {
          const text = file.read();
          const at = text.indexOf("total=");
          raw[0] = at < 0 ? Number.NaN : Number.parseInt(text.slice(at + 6, at + 30), 10);
        },
        close: () => file.close(),
      };
    },
  };
};
