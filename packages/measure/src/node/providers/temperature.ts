import { namesIn, numberOrNull, textOrNull } from "../files.ts";
import { fileLevels } from "./file-levels.ts";
import type { SensorProvider } from "./provider.ts";

const MOST_TEMPERATURES = 8;

/** https://docs.kernel.org/hwmon/sysfs-interface.html, https://docs.kernel.org/driver-api/thermal/sysfs-api.html */
export const temperature: SensorProvider = {
  name: "temperature",
  unit: "°C",
  source: "/sys/class/hwmon, /sys/class/thermal",
  later: "files",
  open: ({ root }) => {
    const inputs = temperatureInputs(root).slice(0, MOST_TEMPERATURES);
    if (inputs.length === 0) return { reason: "no temperature in hwmon or thermal (usual in a virtual machine)" };
    return fileLevels(
      root,
      inputs.map(({ label, path }) => ({ name: `temperature.${label}`, unit: "°C", path, scale: 0.001 })),
    );
  },
};

/** hwmon first, because it names its sensors; thermal zones only where hwmon has none. */
function temperatureInputs(root: string): { label: string; path: string }[] {
  const inputs: { label: string; path: string }[] = [];
  for (const chip of namesIn(root, "sys/class/hwmon")) {
    const folder = `sys/class/hwmon/${chip}`;
    const name = textOrNull(root, `${folder}/name`) ?? chip;
    for (const entry of namesIn(root, folder)) {
      const number = /^temp(\d+)_input$/.exec(entry)?.[1];
      if (number === undefined || numberOrNull(root, `${folder}/${entry}`) === null) continue;
      const label = textOrNull(root, `${folder}/temp${number}_label`) ?? `temp${number}`;
      inputs.push({ label: `${name}.${label}`, path: `${folder}/${entry}` });
    }
  }
  if (inputs.length > 0) return inputs;
  for (const zone of namesIn(root, "sys/class/thermal")) {
    const folder = `sys/class/thermal/${zone}`;
    if (!zone.startsWith("thermal_zone") || numberOrNull(root, `${folder}/temp`) === null) continue;
    inputs.push({ label: textOrNull(root, `${folder}/type`) ?? zone, path: `${folder}/temp` });
  }
  return inputs;
}
