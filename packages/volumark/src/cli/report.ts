/** `volumark report`: a recorded run for reading, for a browser, a table or a trace viewer. */
import { stat } from "node:fs/promises";
import {
  foreignMarkdown,
  foreignText,
  longCsvPieces,
  missingFrom,
  type ReportOptions,
  type RunRecord,
  reportHtml,
  reportMarkdown,
  reportText,
  traceEventPieces,
} from "@volumark/measure";
import type { Target } from "../export/target.ts";
import { EXIT } from "./exit-codes.ts";
import { type LoadedRun, loadRun } from "./load-run.ts";
import { MARK_STYLES } from "./mark-styles.ts";
import { planOut, proveOut, refuseOther, writeOut } from "./out-file.ts";
import { writeAll } from "./output.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { readChoice } from "./values.ts";

/** What stood on the command line. */
export interface ReportOptionTexts {
  readonly format?: string;
  readonly out?: string;
  readonly baseline?: string;
  readonly color?: boolean;
}

const FORMATS = ["text", "markdown", "html", "csv", "trace"] as const;
type Format = (typeof FORMATS)[number];

/** Endings of a file's name, each with the format that it stands for. */
const ENDINGS = { txt: "text", md: "markdown", html: "html", csv: "csv", json: "trace" } as const;

export async function reportCommand(run: string, texts: ReportOptionTexts): Promise<number> {
  const asked = texts.format === undefined ? undefined : readChoice("--format", texts.format, FORMATS);
  const target =
    texts.out === undefined ? undefined : planOut(texts.out, asked, Object.keys(ENDINGS) as (keyof typeof ENDINGS)[]);
  const format = asked ?? (target ? ENDINGS[target.ending] : "text");
  const loaded = await loadRun(run);
  if (target) {
    await refuseOwnRecord(target, loaded);
    if (target.path.toLowerCase().endsWith(".json")) await refuseOther(target, TRACE_BEGINNING, "trace");
  }
  const baseline = texts.baseline === undefined ? undefined : await baselineOf(texts.baseline, loaded, format);

  const traits = terminalTraits(process.stdout, process.env, texts.color === false);
  const paint = paintFor(target ? { colors: false } : traits);
  const pieces = render(loaded, format, {
    width: Math.min(160, Math.max(60, target ? 100 : traits.columns)),
    style: (mark, text) => paint(MARK_STYLES[mark], text),
    ...(baseline ? { baseline } : {}),
  });
  if (format === "csv" || format === "trace")
    for (const sentence of missingFrom(loaded.record)) process.stderr.write(`${sentence}\n`);
  if (target) {
    await proveOut(target);
    return writeOut(target, pieces);
  }
  const outcome = await writeAll(process.stdout, pieces);
  if (outcome.state !== "failed") return EXIT.done;
  process.stderr.write(`write standard output: ${outcome.error.message}.\n`);
  return EXIT.failed;
}

/** What a trace begins with, and a record does not. */
const TRACE_BEGINNING = '{"displayTimeUnit"';

/** The run that the report holds this one against. Throws `UsageError`. */
async function baselineOf(name: string, { status, record }: LoadedRun, format: Format): Promise<RunRecord> {
  if (format === "csv" || format === "trace")
    throw new UsageError(
      `--baseline is for text, markdown and html, and the format is ${format}; volumark compare has the whole comparison`,
    );
  const other = await loadRun(name);
  if (status !== "record" || other.status !== "record")
    throw new UsageError("--baseline takes two runs of volumark's own; volumark compare takes another program's, too");
  if (other.record.run.id === (record as RunRecord).run.id)
    throw new UsageError(`--baseline ${name} is the run itself; give another one`);
  return other.record;
}

function render(loaded: LoadedRun, format: Format, options: ReportOptions): Iterable<string> {
  const { record } = loaded;
  const { baseline, width } = options;
  switch (format) {
    case "html":
      return [reportHtml(record, baseline ? { baseline } : {})];
    case "csv":
      return longCsvPieces(record);
    case "trace":
      return traceEventPieces(record);
    case "markdown":
      return [
        loaded.status === "record"
          ? reportMarkdown(loaded.record, baseline ? { baseline } : {})
          : foreignMarkdown(loaded.record),
      ];
    case "text":
      return [
        `${loaded.status === "record" ? reportText(loaded.record, options) : foreignText(loaded.record, width)}\n`,
      ];
  }
}

/** A trace ends in .json as records do: the record that is read is not written over. */
async function refuseOwnRecord({ path }: Target<string>, { path: source }: LoadedRun): Promise<void> {
  if (source === null) return;
  const [there, read] = await Promise.all([path, source].map((one) => stat(one).catch(() => null)));
  if (there && read && there.ino === read.ino && there.dev === read.dev)
    throw new UsageError(`--out ${path} is the record itself; choose another name`);
}
