/** A run of the service with its record, ready to be shown. */
import { type ForeignRecord, type RunRecord, readRecord } from "@volumark/measure";
import type { Client, RunView } from "volumark/api";
import { dayText } from "../app/day-text.ts";
import type { LoadedRun } from "./run-source.ts";

/** The record format that this page shows without a look at the schema: the server has checked it before it was stored. */
const SHOWN_SCHEMA = "volumark.record/1";

/** Throws `ServiceError` where there is no record, and `Error` with a sentence for one that this page can't show. */
export async function loadServiceRun(service: Client, id: string, signal?: AbortSignal): Promise<LoadedRun> {
  const input = { params: { id }, ...(signal ? { signal } : {}) };
  const [run, response] = await Promise.all([
    service.call("getRun", input),
    service.request("runRecord", { ...input, query: { gif: "false" } }),
  ]);
  const record = await readStored(await response.json());
  const gif = run.result?.gif ?? false;
  return {
    source: { kind: "service", id },
    title: titleOf(run),
    record,
    own: "run" in record,
    gifAddress: gif ? service.address("runAnimation", { params: { id } }) : null,
    framePicture: async (frame) => (gif ? service.address("runFrame", { params: { id, frame } }) : null),
    release() {},
  };
}

export function titleOf({ scene, submittedAt }: Pick<RunView, "scene" | "submittedAt">): string {
  const when = new Date(submittedAt);
  const shown = Number.isNaN(when.getTime()) ? submittedAt : dayText(when);
  return `${scene ?? "Record"} · ${shown}`;
}

async function readStored(value: unknown): Promise<RunRecord | ForeignRecord> {
  if ((value as { schema?: unknown } | null)?.schema === SHOWN_SCHEMA) return value as RunRecord;
  const result = await readRecord(value);
  if (result.status === "unreadable") throw new Error(result.reason);
  return result.record;
}
