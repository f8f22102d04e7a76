/**
 * Joules from the energy counters of the processor packages and of the memory beside them.
 *
 * A counter starts again at `max_energy_range_uj` (262 kJ on many processors: half an hour at 145 W). It also starts again
 * after a sleep, which looks the same; so a step across the end counts only where it is less than half the range, which five
 * samples a second never reach. Sub-zones that are part of their package (core, uncore) are left out, or they would count
 * twice. https://docs.kernel.org/power/powercap/powercap.html
 */
import { closeAll, namesIn, numberOrNull, RereadFile, readText, textOrNull } from "../files.ts";
import { level, numberIn, type SensorProvider } from "./provider.ts";

const FOLDER = "sys/class/powercap";

interface Zone {
  readonly name: string;
  readonly path: string;
  /** Where the counter starts again, µJ; 0 where the system does not say. */
  readonly range: number;
}

export const energy: SensorProvider = {
  name: "energy",
  unit: "J",
  source: "/sys/class/powercap",
  open: ({ root }) => {
    const found = zonesOf(root);
    if ("reason" in found) return found;
    const { zones } = found;
    const files = zones.map(({ path }) => new RereadFile(root, path));
    const last = files.map((file) => numberIn(file.read()));
    const used = files.map(() => 0);
    return {
      slots: files.length,
      channels: zones.map(({ name, path }, slot) => level(`energy.${name}`, "J", `/${path}`, slot)),
      read: (raw) => {
        for (const [i, file] of files.entries()) {
          const now = numberIn(file.read());
          const step = energyStep(now, last[i]!, zones[i]!.range);
          if (Number.isNaN(step)) {
            const { path, range } = zones[i]!;
            throw new Error(
              `/${path} went from ${last[i]} to ${now} µJ, and with a range of ${range} µJ that is no more use but a reset`,
            );
          }
          used[i] = used[i]! + step;
          last[i] = now;
          raw[i] = used[i]! / 1e6;
        }
      },
      close: () => closeAll(files),
    };
  },
};

/** Microjoules between two readings of a counter that starts again at `range`; NaN where they cannot be told. */
export function energyStep(now: number, before: number, range: number): number {
  const step = now - before;
  if (step >= 0) return step;
  const wrapped = step + range;
  return wrapped >= 0 && wrapped < range / 2 ? wrapped : Number.NaN;
}

function zonesOf(root: string): { zones: Zone[] } | { reason: string } {
  const names = namesIn(root, FOLDER).filter((name) => /^[a-z-]*rapl:\d+(:\d+)?$/.test(name));
  if (names.length === 0) return { reason: "no RAPL in /sys/class/powercap (usual in a virtual machine)" };
  const zones: Zone[] = [];
  let reason: string | null = null;
  for (const name of names) {
    const folder = `${FOLDER}/${name}`;
    const label = textOrNull(root, `${folder}/name`) ?? name;
    const [, package_, part] = name.split(":");
    if (part !== undefined && label !== "dram") continue;
    const path = `${folder}/energy_uj`;
    const file = readText(root, path);
    if ("reason" in file) reason ??= file.reason;
    else if (Number.isNaN(numberIn(file.text))) reason ??= `/${path} holds no number`;
    else {
      const range = numberOrNull(root, `${folder}/max_energy_range_uj`) ?? 0;
      zones.push({ name: part === undefined ? label : `package-${package_}.${label}`, path, range });
    }
  }
  return zones.length > 0 ? { zones } : { reason: reason ?? "no energy counter could be read" };
}
