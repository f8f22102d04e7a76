/** The last run before this one that it can stand beside: the same work, machine, lanes and back end, one pass or many. */

import type { RunRecord } from "@volumark/measure";
import type { RunStore, RunSummary } from "./store.ts";
import { isOwn } from "./summary.ts";

/** Runs of the same settings and machine that are looked at. */
const MOST_LOOKED_AT = 200;

export interface RunBefore {
  readonly id: string;
  readonly record: RunRecord;
}

/** Null where there is none, or `id` has not ended well. Throws as `RunStore.get` does. */
export async function runBefore(store: RunStore, id: string): Promise<RunBefore | null> {
  const { summary } = await store.get(id);
  const { settingsHash, machine, startedAt, status } = summary;
  if (settingsHash === null || status !== "done") return null;
  const older = await store.list({
    limit: MOST_LOOKED_AT,
    before: { startedAt, id: summary.id },
    filter: { settingsHash, machine, source: "own", status: "done" },
  });
  const found = older.find((run) => isAlike(run, summary));
  if (!found) return null;
  const { record } = await store.get(found.id);
  return isOwn(record) ? { id: found.id, record } : null;
}

function isAlike(a: RunSummary, b: RunSummary): boolean {
  return a.lanes === b.lanes && a.backend === b.backend && a.passes > 1 === b.passes > 1;
}
