/** `volumark import` and `volumark runs import`: records from files into the store, also those of other programs of this kind. */
import { readFile } from "node:fs/promises";
import { type ReadResult, readRecord } from "@volumark/measure";
import { systemErrorCode } from "../job/system-error.ts";
import type { RunStore } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { EXIT } from "./exit-codes.ts";
import { writeAll } from "./output.ts";
import { openPlace, refuse, type StorePlace } from "./stored-runs.ts";
import { type Paint, paintFor, terminalTraits } from "./terminal.ts";

export interface ImportOptions extends StorePlace {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Takes the files in, one by one: one that is no record does not keep the others out. */
export async function importCommand(files: readonly string[], options: ImportOptions): Promise<number> {
  const paint = paintFor(terminalTraits(process.stderr, process.env, options.color === false));
  let store: RunStore;
  try {
    store = await openPlace(options, { makes: true });
  } catch (error) {
    return refuse(error, paint);
  }
  const taken: { file: string; id: string; source: "own" | "foreign"; added: boolean; distrust: readonly string[] }[] =
    [];
  let failed = false;
  try {
    for (const file of files) {
      try {
        const found = await readRecordFile(file);
        if (found.status === "unreadable") throw new StoreError("unusable", split(found.reason));
        const { id, added } = await store.add(found.record);
        const { summary } = await store.get(id);
        taken.push({ file, id, source: summary.source, added, distrust: summary.distrust });
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        failed = true;
        process.stderr.write(`${paint("red", `${file}: ${error.problem}. ${error.action}`)}\n`);
      }
    }
  } finally {
    await store.close();
  }
  const text = options.json
    ? `${JSON.stringify(taken, null, 2)}\n`
    : taken
        .map((one) => importText(one, paintFor(terminalTraits(process.stdout, process.env, options.color === false))))
        .join("");
  const outcome = await writeAll(process.stdout, [text]);
  return failed || outcome.state === "failed" ? EXIT.failed : EXIT.done;
}

function importText(
  {
    file,
    id,
    source,
    added,
    distrust,
  }: { file: string; id: string; source: string; added: boolean; distrust: readonly string[] },
  paint: Paint,
): string {
  const how = added ? "stored as" : "is in the store already as";
  if (source === "own") return `${file} ${how} ${paint("bold", id)}\n`;
  return `${file} ${how} ${paint("bold", id)}, ${paint("yellow", "foreign")}: trusted less for ${distrust.length} reasons (volumark runs show ${id.slice(0, 8)})\n`;
}

async function readRecordFile(file: string): Promise<ReadResult> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = systemErrorCode(error);
    const why =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "it is a folder"
          : `it can't be read (${error instanceof Error ? error.message : error})`;
    throw new StoreError("unusable", { problem: why, action: "Give the record of a run, a .json file." });
  }
  return readRecord(text);
}

/** `read record: what is wrong. What to do.` in two. */
function split(reason: string): { problem: string; action: string } {
  const [, problem = reason, action = ""] = /^(?:read record: )?(.*?)\.(?: (.*))?$/s.exec(reason) ?? [];
  return { problem, action: action || "Give the record of a run." };
}
