/** What a run does with the store at its end: its files are complete by then, and nothing that goes wrong here stops it. */
import type { ByteSource, RunRecord } from "@volumark/measure";
import { driverReason } from "./connection.ts";
import { type RunBefore, runBefore } from "./run-before.ts";
import { openStore, type StoreOptions } from "./store.ts";
import { StoreError } from "./store-error.ts";

export type KeptRun =
  /** `before`: the run that it can stand beside, where that was asked for and there is one. */
  | { readonly state: "stored"; readonly id: string; readonly before?: RunBefore }
  /** `warning` says what is wrong and what to do. */
  | { readonly state: "not-stored"; readonly warning: string };

/** Loads what storing needs, while there is nothing else to do. Never throws: what is wrong is told when a run is stored. */
export async function loadDriver(): Promise<void> {
  await driverReason();
}

export interface KeepOptions extends StoreOptions {
  /** Whether the run before is wanted. */
  readonly before?: boolean;
}

/** Stores a run. Never throws. */
export async function keepRun(record: RunRecord, gif: ByteSource, options: KeepOptions = {}): Promise<KeptRun> {
  const { before: wanted = false, ...where } = options;
  try {
    const store = await openStore(where);
    try {
      const { id } = await store.add(record, gif);
      // The run is in the store whatever becomes of the other one, which may be damaged, or removed just now.
      const before = wanted ? await runBefore(store, id).catch(() => null) : null;
      return { state: "stored", id, ...(before ? { before } : {}) };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { state: "not-stored", warning: `The run is not in the store: ${whatIsWrong(error)}` };
  }
}

function whatIsWrong(error: unknown): string {
  if (error instanceof StoreError) return `${error.problem}. ${error.action}`;
  const detail = error instanceof Error ? error.message.replace(/[.\s]+$/, "") : String(error);
  return `${detail}. volumark import takes its record file in later.`;
}
