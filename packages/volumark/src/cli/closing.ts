/** What stands after the report: a small picture, where the files are, and what to try next. */
import { LONGEST_JSON } from "../job/disk-need.ts";
import { sizeText } from "../job/size-text.ts";
import { runInvocation } from "./invocation.ts";
import { previewLines } from "./preview.ts";
import type { RunRequest } from "./run-options.ts";
import type { RunResult } from "./run-result.ts";
import { shellWord } from "./shell-word.ts";
import type { Paint, TerminalTraits } from "./terminal.ts";

export interface ClosingOptions {
  readonly traits: TerminalTraits;
  readonly paint: Paint;
  /** A path as it is shown. */
  readonly path: (path: string) => string;
}

/** The whole text, ending in a line break. */
export async function closingText(
  result: RunResult,
  request: RunRequest,
  { traits, paint, path }: ClosingOptions,
): Promise<string> {
  const lines: string[] = [""];
  if (request.preview && traits.trueColor) lines.push(...preview(result, request, traits.columns));
  if (result.gif) lines.push(`${paint("bold", "GIF")}     ${path(result.gif.path)}  ${sizeText(result.gif.bytes)}`);
  if (result.recordFile) {
    lines.push(`${paint("bold", "Record")}  ${path(result.recordFile.path)}  ${sizeText(result.recordFile.bytes)}`);
    if (result.recordFile.bytes > LONGEST_JSON) {
      lines.push(
        `        longer than the ${sizeText(LONGEST_JSON)} that JSON.parse of Node reads: read it piece by piece`,
      );
    }
  }
  if (result.status === "done") {
    const commands = suggestions(request, runInvocation(process.env)).map((command) => `  ${paint("cyan", command)}`);
    if (commands.length > 0) lines.push("", paint("bold", "Try next"), ...commands);
  }
  return `${lines.join("\n")}\n`;
}

/** Two or three commands that go on from what was just made; `run` is what stands before the options. */
export function suggestions({ settings, lanes, made }: RunRequest, run: string): string[] {
  const { scene, dimension } = settings;
  const commands: string[] = [];
  const again = (changes: Readonly<Record<string, string>>) =>
    commands.push([run, ...optionWords({ ...made, ...changes })].join(" "));
  // Standard input is used up.
  if (made["--scene"] !== "-") {
    if (dimension <= 512) again({ "--dimension": String(dimension * 4) });
    if (scene.parameters && Object.hasOwn(scene.parameters, "torusAltitude"))
      again({ "--torus-altitude": "-0.2", "--smooth-min-radius": "0.2" });
    if (lanes !== 1) again({ "--lanes": "1" });
  }
  if (scene.name !== "gyroid") commands.push(`${run} --preset gyroid`);
  return commands.slice(0, 3);
}

function optionWords(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).flatMap(([option, value]) =>
    value.startsWith("--") ? [`${option}=${shellWord(value)}`] : [option, shellWord(value)],
  );
}

/** Pixels of all frames that are decoded for the preview: about 0.1 s. */
const PREVIEW_PIXELS = 1 << 24;

/** A frame from the middle, two thirds of the way, where most scenes show what they do; of a long animation an earlier one. */
function preview({ record, frame }: RunResult, { settings }: RunRequest, columns: number): string[] {
  const { width, height } = settings;
  const wanted = Math.floor((record.frame_count * 2) / 3);
  const rgba = frame(Math.min(wanted, Math.floor(PREVIEW_PIXELS / (width * height))));
  if (rgba === null) return [];
  return [...previewLines({ width, height, rgba }, { columns: Math.min(48, columns - 1), rows: 18 }), ""];
}
