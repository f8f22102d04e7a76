/** From a dropped or chosen file to a run that the page holds, with what happens meanwhile. */
import type { ForeignRecord, RunRecord } from "@volumark/measure";
import { dayText } from "../app/day-text.ts";
import { hold } from "./held-run.ts";
import { plainText } from "./plain-text.ts";
import type { ReadProgress } from "./read-file.ts";
import { readInWorker } from "./read-in-worker.ts";

export type Opening =
  | { readonly status: "reading"; readonly name: string; readonly progress: ReadProgress }
  | { readonly status: "refused"; readonly name: string; readonly reason: string };

/** The name of the run for an address; null where the file was refused, which has been said. */
export async function openFile(
  file: File,
  onChange: (opening: Opening) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const name = plainText(file.name, 80);
  onChange({ status: "reading", name, progress: { readBytes: 0, totalBytes: file.size, heldBytes: 0 } });
  const result = await readInWorker(file, (progress) => onChange({ status: "reading", name, progress }), signal);
  if (result.status === "refused") {
    onChange({ status: "refused", name, reason: result.reason });
    return null;
  }
  const { record, own, gif, notes } = result;
  return hold({ origin: "file", fileName: name, title: titleOfRecord(record, name), record, own, gif, notes, file });
}

/** The scene and when it was made, else the name of the file. */
export function titleOfRecord(record: RunRecord | ForeignRecord, name: string): string {
  const run = "run" in record ? (record as Partial<RunRecord>).run : undefined;
  const scene = (run?.settings?.scene as { name?: unknown } | undefined)?.name;
  const at = Date.parse(run?.startedAt ?? "");
  const when = Number.isNaN(at) ? null : dayText(at);
  const what = typeof scene === "string" ? plainText(scene, 60) : name;
  return [what, when, "from a file"].filter((word) => word !== null).join(" · ");
}
