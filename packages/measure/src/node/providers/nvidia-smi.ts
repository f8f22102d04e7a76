/**
 * NVIDIA's GPUs through one `nvidia-smi` that prints a line a GPU every period, as long as the run lasts.
 *
 * The tool fails as a whole over one column that its version does not know, and the throttle column has been renamed, so it
 * is started again with the next list of columns. Power is a level here; the tool gives no energy counter, so no joules.
 * https://docs.nvidia.com/deploy/nvidia-smi/
 */
import { findProgram } from "../command.ts";
import { firstLines, type LineChild, startLines } from "../line-child.ts";
import { gpuChannels } from "./gpu.ts";
import { numberIn, type Opened, type SensorProvider } from "./provider.ts";

/** The figures are those of `GPU_FIGURES`, in the same order, after the two that tell the cards apart. */
const BASIC = "count,index,utilization.gpu,memory.used,temperature.gpu,power.draw,clocks.sm";
const COLUMNS = [`${BASIC},clocks_event_reasons.active`, `${BASIC},clocks_throttle_reasons.active`, BASIC];
const MEBIBYTE = 1_048_576;
const MOST_GPUS = 16;
/** A tool that prints nothing for longer than this, or ten periods, has stopped; the driver can take a second over a line. */
const SILENCE_MS = 3000;

export const nvidiaSmi: SensorProvider = {
  name: "gpu.nvidia",
  unit: "%",
  source: "nvidia-smi",
  open: async ({ path, periodMs, ended }) => {
    const program = findProgram("nvidia-smi", path);
    if (program === null) return { reason: "no nvidia-smi on the PATH" };
    let reason = "";
    for (const columns of COLUMNS) {
      const args = [`--query-gpu=${columns}`, "--format=csv,noheader,nounits", "-lms", String(Math.round(periodMs))];
      const child = startLines(program, args);
      if (ended.aborted) child.close();
      ended.addEventListener("abort", child.close, { once: true });
      const opened = await openOn(child, columns.split(",").length - 2, periodMs);
      if (!("reason" in opened)) return opened;
      child.close();
      reason = opened.reason;
      if (!/not a valid field/i.test(reason)) break;
    }
    return { reason };
  },
};

/** Waits for the first line: it says how many GPUs there are. */
async function openOn(child: LineChild, figures: number, periodMs: number): Promise<Opened> {
  let waiting: string[] = [];
  try {
    waiting = await firstLines(child);
  } catch (error) {
    return { reason: (error as Error).message };
  }
  const count = Number(waiting[0]!.split(",")[0]);
  if (!(Number.isInteger(count) && count > 0)) {
    return { reason: `nvidia-smi printed "${waiting[0]!.trim().slice(0, 160)}", which holds no figures` };
  }
  const gpus = Math.min(count, MOST_GPUS);
  const latest = new Float64Array(gpus * figures).fill(Number.NaN);
  const silence = Math.max(SILENCE_MS, 10 * periodMs);
  let heardAt = performance.now();
  return {
    slots: latest.length,
    channels: gpuChannels(gpus, figures, "nvidia-smi"),
    read: (raw) => {
      const lines = waiting.concat(child.lines());
      waiting = [];
      let good = 0;
      for (const line of lines) if (parseSmiLine(line, latest, gpus, figures)) good++;
      if (lines.length > 0 && good === 0)
        throw new Error(`it printed "${lines[0]!.trim().slice(0, 80)}", which holds no figures`);
      const now = performance.now();
      if (good > 0) heardAt = now;
      else if (now - heardAt > silence)
        throw new Error(`nvidia-smi printed nothing for ${Math.round(now - heardAt)} ms`);
      raw.set(latest);
    },
    close: child.close,
  };
}

/** Puts the figures of one line in their place. "[N/A]", "[Not Supported]" and the like become NaN. False where the line is none. */
export function parseSmiLine(line: string, latest: Float64Array, gpus: number, figures: number): boolean {
  const cells = line.split(",").map((cell) => numberIn(cell));
  const index = cells[1] ?? Number.NaN;
  if (cells.length !== figures + 2 || !Number.isInteger(index) || index < 0 || index >= gpus) return false;
  for (let i = 0; i < figures; i++) latest[index * figures + i] = cells[i + 2]! * (i === 1 ? MEBIBYTE : 1);
  return true;
}
