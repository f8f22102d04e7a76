/**
 * What is read of a GPU, under the same names whoever reads it, and the graphics cards of Linux by maker.
 *
 * `gpu.<name>.utilization` %, `.memoryUsed` bytes, `.temperature` °C, `.power` W, `.clock` MHz, `.throttleReasons` bits,
 * `.energy` J since the run began (from a counter of the card, or not at all).
 */
import { namesIn, textOrNull } from "../files.ts";
import { type Channel, level, type Opened, type SensorPlace, type SensorProvider } from "./provider.ts";

export const GPU_FIGURES = [
  ["utilization", "%"],
  ["memoryUsed", "bytes"],
  ["temperature", "°C"],
  ["power", "W"],
  ["clock", "MHz"],
  ["throttleReasons", "bits"],
  ["energy", "J"],
] as const;

/** Channels of GPUs 0 to `count` - 1, each with the first `figures` of `GPU_FIGURES` in this order. */
export function gpuChannels(count: number, figures: number, source: string): Channel[] {
  return Array.from({ length: count }, (_, gpu) =>
    GPU_FIGURES.slice(0, figures).map(([name, unit], slot) =>
      level(`gpu.${gpu}.${name}`, unit, source, gpu * figures + slot),
    ),
  ).flat();
}

/** Cards of one maker: folders under /sys/class/drm. */
export function cardsOf(root: string, vendor: string): { card: string; folder: string }[] {
  return namesIn(root, "sys/class/drm")
    .filter((card) => /^card\d+$/.test(card) && textOrNull(root, `sys/class/drm/${card}/device/vendor`) === vendor)
    .map((card) => ({ card, folder: `sys/class/drm/${card}` }));
}

/** The first of several ways to the same figures that works; else the reasons of all, in the order they were tried. */
export async function firstOf(ways: readonly SensorProvider[], place: SensorPlace): Promise<Opened> {
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      const opened = await way.open(place);
      if (!("reason" in opened)) return opened;
      reasons.push(opened.reason);
    } catch (error) {
      reasons.push(`${way.source}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (place.ended.aborted) break;
  }
  return { reason: reasons.join("; ") };
}
