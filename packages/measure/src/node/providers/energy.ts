import { closeAll, namesIn, numberOrNull, RereadFile, readText, textOrNull } from "../files.ts";
import { level, type SensorProvider } from "./provider.ts";

/** Energy counters of the processor packages; they wrap at `max_energy_range_uj`. https://docs.kernel.org/power/powercap/powercap.html */
export const energy: SensorProvider = {
  name: "energy",
  unit: "J",
  source: "/sys/class/powercap",
  open: (root) => {
    const zones = namesIn(root, "sys/class/powercap").filter((name) => /^[a-z-]*rapl:\d+$/.test(name));
    if (zones.length === 0) return { reason: "no RAPL in /sys/class/powercap (usual in a virtual machine)" };
    const readable: { name: string; path: string; range: number }[] = [];
    let reason = "no energy counter could be read";
    for (const zone of zones) {
      const folder = `sys/class/powercap/${zone}`;
      const path = `${folder}/energy_uj`;
      const file = readText(root, path);
      if ("reason" in file) reason = file.reason;
      else
        readable.push({
          name: textOrNull(root, `${folder}/name`) ?? zone,
          path,
          range: numberOrNull(root, `${folder}/max_energy_range_uj`) ?? 0,
        });
    }
    if (readable.length === 0) return { reason };
    const files = readable.map(({ path }) => new RereadFile(root, path));
    const last = files.map((file) => Number(file.read()));
    const used = files.map(() => 0);
    return {
      slots: files.length,
      channels: readable.map(({ name, path }, slot) => level(`energy.${name}`, "J", `/${path}`, slot)),
      read: (raw) => {
        for (const [i, file] of files.entries()) {
          const now = Number(file.read());
          const step = now - last[i]!;
          used[i] = used[i]! + (step < 0 ? step + readable[i]!.range : step);
          last[i] = now;
          raw[i] = used[i]! / 1e6;
        }
      },
      close: () => closeAll(files),
    };
  },
};
