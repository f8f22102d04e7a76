import { RereadFile } from "../files.ts";
import { grown, numberAfter, percent, rate, type SensorProvider } from "./provider.ts";

/**
 * Share of time in which some task waited for the resource (and, for memory and io, in which all of them did).
 * The totals are microseconds. https://docs.kernel.org/accounting/psi.html
 */
export const pressure = (resource: "cpu" | "memory" | "io"): SensorProvider => {
  const path = `proc/pressure/${resource}`;
  const name = `pressure.${resource}.some`;
  const source = `/${path}`;
  const share = (of: string, slot: number) =>
    rate(of, "%", source, (now, before, elapsedNs) => percent(grown(now[slot]!, before[slot]!) * 1000, elapsedNs));
  return {
    name,
    unit: "%",
    source,
    open: ({ root }) => {
      const file = new RereadFile(root, path);
      return {
        slots: 2,
        // The kernel writes a second line for the processor, too, and defines it as zero.
        channels: [share(name, 0), ...(resource === "cpu" ? [] : [share(`pressure.${resource}.full`, 1)])],
        read: (raw) => {
          const text = file.read();
          raw[0] = numberAfter(text, "total=");
          raw[1] = numberAfter(text.slice(text.indexOf("\n") + 1), "total=");
        },
        close: () => file.close(),
      };
    },
  };
};
