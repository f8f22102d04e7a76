/**
 * Whether the machine runs on its battery, where many slow down to save it.
 *
 * A battery of a mouse or a headset is listed in the same place; its scope is "Device".
 * Source: https://docs.kernel.org/power/power_supply_class.html
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { namesIn, textOrNull } from "./files.ts";

export interface PowerSource {
  /** Null where it is not known. */
  readonly onBattery: boolean | null;
  readonly source: string;
  readonly reason?: string;
}

const FOLDER = "sys/class/power_supply";

export function powerSource(root: string): PowerSource {
  const source = `/${FOLDER}`;
  let discharging = 0;
  if (!existsSync(join(root, FOLDER))) return { onBattery: null, source, reason: `no ${source} on this system` };
  for (const name of namesIn(root, FOLDER)) {
    const read = (file: string) => textOrNull(root, `${FOLDER}/${name}/${file}`);
    if (read("type") !== "Battery" || read("scope") === "Device") continue;
    if (read("status") === "Discharging") discharging++;
  }
  return { onBattery: discharging > 0, source };
}
