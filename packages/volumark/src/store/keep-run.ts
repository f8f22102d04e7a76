/** What a run does with the store at its end: its files are complete by then, and nothing that goes wrong here stops it. */
import type { ByteSource, RunRecord } from "@volumark/measure";
import { driverReason } from "./connection.ts";
import { openStore, type StoreOptions } from "./store.ts";
import { StoreError } from "./store-error.ts";

export type KeptRun =
  | { readonly state: "stored"; readonly id: string }
  /** `warning` says what is wrong and what to do. */
  | { readonly state: "not-stored"; readonly warning: string };

/** Loads what storing needs, while there is nothing else to do. Never throws: what is wrong is told when a run is stored. */
export async function loadDriver(): Promise<void> {
  await driverReason();
}

/** Stores a run. Never throws. */
export async function keepRun(record: RunRecord, gif: ByteSource, options: StoreOptions = {}): Promise<KeptRun> {
  try {
    const store = await openStore(options);
    try {
      const { id } = await store.add(record, gif);
      return { state: "stored", id };
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
