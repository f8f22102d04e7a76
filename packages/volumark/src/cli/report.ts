/** `volumark report`: a recorded run for reading, for a browser, a table or a trace viewer. */
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import {
  foreignMarkdown,
  foreignText,
  longCsvPieces,
  missingFrom,
  reportHtml,
  reportMarkdown,
  reportText,
  traceEventPieces,
} from "@volumark/measure";
import { planTarget, proveTarget, type Target, writeTarget } from "../export/target.ts";
import { OutputError } from "../job/output-paths.ts";
import { sizeText } from "../job/size-text.ts";
import { EXIT } from "./exit-codes.ts";
import { type LoadedRun, loadRun } from "./load-run.ts";
import { MARK_STYLES } from "./mark-styles.ts";
import { writeAll } from "./output.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { readChoice } from "./values.ts";

/** What stood on the command line. */
export interface ReportOptionTexts {
  readonly format?: string;
  readonly out?: string;
  readonly color?: boolean;
}

const FORMATS = ["text", "markdown", "html", "csv", "trace"] as const;
type Format = (typeof FORMATS)[number];

/** Endings of a file's name, each with the format that it stands for. */
const ENDINGS = { txt: "text", md: "markdown", html: "html", csv: "csv", json: "trace" } as const;

export async function reportCommand(run: string, texts: ReportOptionTexts): Promise<number> {
  const asked = texts.format === undefined ? undefined : readChoice("--format", texts.format, FORMATS);
  const target = texts.out === undefined ? undefined : planOut(texts.out, asked);
  const format = asked ?? (target ? ENDINGS[target.ending] : "text");
  const loaded = await loadRun(run);
  if (target) await refuseOwnRecord(target, loaded);

  const traits = terminalTraits(process.stdout, process.env, texts.color === false);
  const paint = paintFor(target ? { colors: false } : traits);
  const pieces = render(loaded, format, Math.min(160, Math.max(60, target ? 100 : traits.columns)), (mark, text) =>
    paint(MARK_STYLES[mark], text),
  );
  if (format === "csv" || format === "trace")
    for (const sentence of missingFrom(loaded.record)) process.stderr.write(`${sentence}\n`);
  if (target) return writeFileOf(target, pieces);
  const outcome = await writeAll(process.stdout, pieces);
  if (outcome.state !== "failed") return EXIT.done;
  process.stderr.write(`write standard output: ${outcome.error.message}.\n`);
  return EXIT.failed;
}

type Styled = NonNullable<NonNullable<Parameters<typeof reportText>[1]>["style"]>;

function render(loaded: LoadedRun, format: Format, width: number, style: Styled): Iterable<string> {
  const { record } = loaded;
  switch (format) {
    case "html":
      return [reportHtml(record)];
    case "csv":
      return longCsvPieces(record);
    case "trace":
      return traceEventPieces(record);
    case "markdown":
      return [loaded.status === "record" ? reportMarkdown(loaded.record) : foreignMarkdown(loaded.record)];
    case "text":
      return [
        `${loaded.status === "record" ? reportText(loaded.record, { width, style }) : foreignText(loaded.record, width)}\n`,
      ];
  }
}

/** With a format the name may end as it likes; without one its ending says the format. */
function planOut(out: string, format: Format | undefined): Target<keyof typeof ENDINGS> {
  const endings = Object.keys(ENDINGS) as (keyof typeof ENDINGS)[];
  const plain =
    format !== undefined && out !== "" && !endings.some((ending) => extname(out).toLowerCase() === `.${ending}`);
  try {
    const planned = planTarget(plain ? `${out}.txt` : out, endings);
    return plain ? { ...planned, path: resolve(out) } : planned;
  } catch (error) {
    throw asUsageError(error);
  }
}

/** A trace ends in .json as records do: the record that is read is not written over. */
async function refuseOwnRecord({ path }: Target<string>, { path: source }: LoadedRun): Promise<void> {
  if (source === null) return;
  const [there, read] = await Promise.all([path, source].map((one) => stat(one).catch(() => null)));
  if (there && read && there.ino === read.ino && there.dev === read.dev)
    throw new UsageError(`--out ${path} is the record itself; choose another name`);
}

async function writeFileOf(target: Target<string>, pieces: Iterable<string>): Promise<number> {
  try {
    await proveTarget(target);
  } catch (error) {
    throw asUsageError(error);
  }
  const encoder = new TextEncoder();
  function* bytes(): Generator<Uint8Array> {
    for (const piece of pieces) yield encoder.encode(piece);
  }
  try {
    const written = await writeTarget(target, bytes());
    process.stderr.write(`${written.path}  ${sizeText(written.bytes)}\n`);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.failed;
  }
}

function asUsageError(error: unknown): unknown {
  return error instanceof OutputError ? new UsageError(error.message) : error;
}
