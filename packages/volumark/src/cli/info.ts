/** `volumark info`: what this machine is, what it can tell about itself, and what a run may ask of it. */
import { availableParallelism } from "node:os";
import { LIMITS, SETTINGS_DEFAULTS } from "@volumark/engine";
import { formatNumber, formatShare } from "@volumark/measure";
import { readMachine } from "../job/machine.ts";
import { memoryLimit } from "../job/memory.ts";
import { sizeText } from "../job/size-text.ts";
import { programCommit, programVersion } from "../job/version.ts";
import { print } from "./output.ts";
import { printable } from "./printable.ts";
import { MOST_LANES } from "./run-options.ts";
import { type Paint, paintFor, terminalTraits } from "./terminal.ts";

type Machine = Awaited<ReturnType<typeof readMachine>>;

export async function infoCommand(options: { json?: boolean; color?: boolean }): Promise<number> {
  const info = {
    volumark: { version: programVersion(), ...programCommit() },
    ...(await readMachine()),
    limits: limits(),
  };
  const paint = paintFor(terminalTraits(process.stdout, process.env, options.color === false));
  const text = options.json ? `${JSON.stringify(info, null, 2)}\n` : infoText(info, paint);
  return print([text]);
}

/** What a run may ask for here. */
function limits() {
  const memory = memoryLimit();
  return {
    dimension: { least: LIMITS.dimension[0], most: LIMITS.dimension[1], default: SETTINGS_DEFAULTS.dimension },
    width: { least: LIMITS.width[0], most: LIMITS.width[1], default: SETTINGS_DEFAULTS.width },
    height: { least: LIMITS.height[0], most: LIMITS.height[1], default: SETTINGS_DEFAULTS.height },
    frames: { least: LIMITS.frames[0], most: LIMITS.frames[1], default: SETTINGS_DEFAULTS.frames },
    fps: { least: LIMITS.fps[0], most: LIMITS.fps[1], default: SETTINGS_DEFAULTS.fps },
    lanes: { least: 1, most: MOST_LANES, default: availableParallelism() },
    memoryBytes: { most: memory.bytes, setBy: memory.source, mostForALane: 4 * 1024 ** 3 },
  };
}

type Info = Machine & { volumark: { version: string; commit: string | null }; limits: ReturnType<typeof limits> };

function infoText({ volumark, systemInfo, environment, sensors, limits: most }: Info, paint: Paint): string {
  const { cpu, memory, gpu, platform } = systemInfo;
  const title = (text: string) => ["", paint("bold", text)];
  const row = (name: string, value: string) => `  ${name.padEnd(26)} ${value}`;
  const lines = [
    paint("bold", `volumark ${volumark.version}${volumark.commit ? ` (${shortCommit(volumark.commit)})` : ""}`),
  ];
  lines.push(
    ...title("Machine"),
    row("processor", `${cpu.name}, ${cpu.cores} cores, ${cpu.threads} threads, ${cpu.architecture}`),
    row("memory", `${sizeText(memory.total)}, ${sizeText(memory.available)} of it available`),
    row(
      "graphics",
      gpu.name === "Unknown"
        ? missing(environment.gpu?.reason, paint)
        : `${gpu.name}, ${sizeText(gpu.memory_total * 1024 ** 2)}`,
    ),
    row("system", `${platform.system} ${platform.version}`),
    row("runtime", `${platform.runtime} ${platform.runtime_version}, ${platform.architecture}`),
  );
  lines.push(...title("Details"));
  for (const [group, entries] of Object.entries(environment)) {
    for (const [name, datum] of Object.entries<unknown>(entries)) {
      if (isDatum(datum)) lines.push(row(`${group}.${name}`, datumText(datum, paint)));
    }
  }
  lines.push(...title("Sensors"));
  for (const sensor of sensors) {
    lines.push(
      row(
        sensor.name,
        sensor.available ? `${sensor.unit} ${paint("dim", `from ${sensor.source}`)}` : missing(sensor.reason, paint),
      ),
    );
  }
  lines.push(
    ...title("Limits"),
    ...(["dimension", "width", "height", "frames", "fps", "lanes"] as const).map((name) => {
      const limit = most[name];
      return row(name, `${limit.least} to ${limit.most}, ${limit.default} by default`);
    }),
    row(
      "memory",
      `${sizeText(most.memoryBytes.most)} (${most.memoryBytes.setBy}), ${sizeText(most.memoryBytes.mostForALane)} a lane`,
    ),
  );
  return `${lines.join("\n")}\n`;
}

function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1");
}

interface DatumLike {
  readonly available: boolean;
  readonly value: unknown;
  readonly unit?: string;
  readonly reason?: string;
}

function isDatum(value: unknown): value is DatumLike {
  return typeof value === "object" && value !== null && "available" in value && "value" in value;
}

function datumText({ available, value, unit, reason }: DatumLike, paint: Paint): string {
  if (!available) return missing(reason, paint);
  if (typeof value === "number") return quantityText(value, unit ?? "");
  const text = typeof value === "string" ? printable(value) : JSON.stringify(value);
  return unit ? `${text} ${unit}` : text;
}

/** A number with the digits that mean something: `78 %`, `25.3 GB`, `2 600 MHz`. */
export function quantityText(value: number, unit: string): string {
  if (unit === "bytes") return sizeText(value);
  if (unit === "%") return formatShare(value / 100);
  return `${Number.isInteger(value) ? value : formatNumber(value)} ${unit}`.trimEnd();
}

function missing(reason: unknown, paint: Paint): string {
  return paint(
    "yellow",
    `not available: ${typeof reason === "string" && reason !== "" ? reason : "no reason is known"}`,
  );
}
