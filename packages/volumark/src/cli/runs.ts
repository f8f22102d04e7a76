/** `volumark runs`: what is in the store, shown, taken out, removed, and what to do when the store is damaged. */
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import {
  foreignText,
  formatDuration,
  MISSING,
  type RunRecord,
  recordPieces,
  reportText,
  table,
} from "@volumark/measure";
import { createFolders } from "../job/output-paths.ts";
import { fileSentence, systemErrorCode } from "../job/system-error.ts";
import { FileWriteError, writeWhole } from "../job/whole-file.ts";
import { repairStore } from "../store/repair.ts";
import type { RunSummary } from "../store/store.ts";
import { isOwn } from "../store/summary.ts";
import { EXIT } from "./exit-codes.ts";
import {
  clean,
  findPlace,
  localTime,
  printOut as print,
  refuse,
  SHORT_ID,
  type StorePlace,
  withStore,
} from "./stored-runs.ts";
import { type Paint, paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { readWhole } from "./values.ts";

export interface RunsListTexts extends StorePlace {
  readonly limit?: string;
  readonly preset?: string;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Runs in a list, where nothing else is asked for. */
export const LIST_DEFAULT = 20;
const MOST_LISTED = 100_000;

export async function runsListCommand(texts: RunsListTexts, words: readonly string[] = []): Promise<number> {
  if (words.length > 0)
    throw new UsageError(`There is no command runs ${words[0]}; volumark runs --help lists what there is`);
  const limit =
    texts.limit === undefined ? LIST_DEFAULT : readWhole("--limit", texts.limit, { least: 1, most: MOST_LISTED });
  return withStore(texts, async (store, paint) => {
    const filter = texts.preset === undefined ? {} : { scene: texts.preset };
    const runs = await store.list({ limit, filter });
    if (texts.json) return print([`${JSON.stringify(runs, null, 2)}\n`]);
    if (runs.length === 0) {
      const of = texts.preset === undefined ? "" : ` of the scene ${texts.preset}`;
      return print([paint("dim", `There are no runs${of} in ${store.path} yet; volumark run makes one.\n`)]);
    }
    return print([`${listText(runs, paint)}\n`]);
  });
}

export interface RunsShowTexts extends StorePlace {
  readonly json?: boolean;
  readonly color?: boolean;
}

export async function runsShowCommand(id: string, texts: RunsShowTexts): Promise<number> {
  return withStore(texts, async (store, paint, columns) => {
    const { summary, record } = await store.get(id);
    if (texts.json) return print([`${JSON.stringify(summary, null, 2)}\n`]);
    const head = `${paint("dim", headText(summary))}\n\n`;
    if (!isOwn(record)) return print([head, `${foreignText(record, columns, summary.distrust)}\n`]);
    const style = (mark: keyof typeof MARK_STYLES, text: string) => paint(MARK_STYLES[mark], text);
    return print([head, `${reportText(record, { width: columns, style })}\n`]);
  });
}

export interface RunsExportTexts extends StorePlace {
  readonly out?: string;
  readonly color?: boolean;
}

export async function runsExportCommand(id: string, texts: RunsExportTexts): Promise<number> {
  const { out } = texts;
  if (out === undefined || out === "")
    throw new UsageError("runs export needs --out and the file to write: .json for the record, .gif for the GIF");
  return withStore(texts, async (store, paint) => {
    const { summary, record, whole } = await store.get(id);
    const wantsGif = out.toLowerCase().endsWith(".gif");
    if (!whole)
      return fail(
        `export ${summary.id}: its GIF was too long to be stored, so neither it nor the whole record can be given back. Take both from the files that the run wrote.`,
        paint,
      );
    const gif = wantsGif ? await store.gif(summary.id) : null;
    if (wantsGif && gif === null)
      return fail(`export ${summary.id}: it has no GIF. Name a file that ends in .json to get its record.`, paint);
    const pieces: Iterable<Uint8Array | string> = gif ? [gif] : recordLines(record as RunRecord);
    const temporary = join(dirname(out), `.${basename(out)}.${randomBytes(4).toString("hex")}.tmp`);
    try {
      await createFolders(dirname(out));
      await writeWhole(out, temporary, pieces);
    } catch (error) {
      if (error instanceof FileWriteError) return fail(fileSentence("write", out, error.cause), paint);
      if (systemErrorCode(error) === undefined) throw error;
      return fail(fileSentence("create the folder", dirname(out), error), paint);
    }
    return print([`${summary.id} is in ${out}\n`]);
  });
}

export async function runsDeleteCommand(ids: readonly string[], texts: RunsShowTexts): Promise<number> {
  return withStore(texts, async (store) => {
    const removed = await store.remove(ids);
    return print(removed.map((id) => `${id} is deleted\n`));
  });
}

export async function runsRepairCommand(texts: { readonly data?: string; readonly color?: boolean }): Promise<number> {
  const traits = terminalTraits(process.stdout, process.env, texts.color === false);
  const { path, url } = await findPlace(texts);
  if (url !== null)
    throw new UsageError("runs repair is for the file in a data folder; a Postgres database is checked by its server");
  try {
    const result = await repairStore({ path });
    if (result.state === "absent") return await print([`There is no store at ${path}; the next run makes one.\n`]);
    if (result.state === "healthy") return await print([`${path} is in order: ${count(result.runs)}.\n`]);
    const lost = result.lost > 0 ? `, ${result.lost} could not be read` : "";
    return await print([
      `${path} was damaged and is new now: ${count(result.saved)} saved${lost}.\n`,
      `The damaged file is ${result.movedTo}; volumark import takes in record files of runs that are missing.\n`,
    ]);
  } catch (error) {
    return refuse(error, paintFor(traits));
  }
}

const MARK_STYLES = { strong: "bold", good: "green", bad: "red", warn: "yellow", dim: "dim", accent: "cyan" } as const;

function listText(runs: readonly RunSummary[], paint: Paint): string {
  const long = hasEqualBeginnings(runs);
  const duration = (ns: number | null) => (ns === null ? MISSING : formatDuration(ns));
  const rows = runs.map((run) => [
    long ? run.id : run.id.slice(0, SHORT_ID),
    localTime(run.startedAt),
    run.scene ?? MISSING,
    String(run.frames),
    duration(run.totalNs),
    duration(run.frameNs),
    run.grade ?? MISSING,
    run.source === "foreign" ? "foreign" : run.status,
    run.cpu ?? MISSING,
  ]);
  const columns = [
    { title: "run" },
    { title: "started" },
    { title: "scene" },
    { title: "frames", align: "right" },
    { title: "total", align: "right" },
    { title: "a frame", align: "right" },
    { title: "grade" },
    { title: "how" },
    { title: "processor" },
  ] as const;
  return table(
    columns,
    rows.map((row) => row.map(clean)),
    (cell, row, column) => {
      if (row < 0) return paint("dim", cell);
      const run = runs[row];
      if (column === 0) return paint("bold", cell);
      if (column === 7 && run)
        return run.source === "foreign" || run.status === "stopped"
          ? paint("yellow", cell)
          : run.status === "failed"
            ? paint("red", cell)
            : cell;
      return cell;
    },
  ).join("\n");
}

function hasEqualBeginnings(runs: readonly RunSummary[]): boolean {
  return new Set(runs.map(({ id }) => id.slice(0, SHORT_ID))).size < runs.length;
}

function headText(run: RunSummary): string {
  const note =
    run.acknowledged === null
      ? ""
      : `\nAcknowledged ${localTime(run.acknowledgedAt ?? run.storedAt)}: ${clean(run.acknowledged)}`;
  const when = run.source === "foreign" ? `imported ${localTime(run.storedAt)}` : `started ${localTime(run.startedAt)}`;
  return `${clean(run.id)}, ${when}, ${run.source}${note}`;
}

function* recordLines(record: RunRecord): Generator<string> {
  yield* recordPieces(record);
  yield "\n";
}

function count(runs: number): string {
  return runs === 1 ? "1 run" : `${runs} runs`;
}

function fail(sentence: string, paint: Paint): number {
  process.stderr.write(`${paint("red", sentence)}\n`);
  return EXIT.failed;
}
