/** What the commands that show stored runs share: the store opened and closed around their work, and how a run is named. */
import { resolve } from "node:path";
import { storeIn } from "../store/data-folder.ts";
import { openStore, type RunStore } from "../store/store.ts";
import { EXIT } from "./exit-codes.ts";
import { refuse } from "./import.ts";
import { writeAll } from "./output.ts";
import { type Paint, paintFor, terminalTraits } from "./terminal.ts";

/** Characters of an id that are shown in a list: enough for some ten thousand runs. */
export const SHORT_ID = 8;

/** Another place than the user's data folder. */
export interface StorePlace {
  /** A folder. */
  readonly data?: string;
  /** The address of a Postgres database. */
  readonly database?: string;
}

/** Opens the store, does the work with it and closes it; what the store refuses is a sentence and an exit code. */
export async function withStore(
  { color, data, database, durable = false }: StorePlace & { readonly color?: boolean; readonly durable?: boolean },
  work: (store: RunStore, paint: Paint, columns: number) => Promise<number>,
): Promise<number> {
  const traits = terminalTraits(process.stdout, process.env, color === false);
  const paint = paintFor(traits);
  try {
    const store = await openStore({
      durable,
      ...(database ? { url: database } : data ? { path: storeIn(resolve(data)) } : {}),
    });
    try {
      return await work(store, paint, Math.min(160, Math.max(60, traits.columns)));
    } finally {
      await store.close();
    }
  } catch (error) {
    return refuse(error, paintFor(terminalTraits(process.stderr, process.env, color === false)));
  }
}

/** `2026-11-24 10:15:00`, local time. */
export function localTime(time: string): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Writes to standard output and gives the exit code. */
export async function printOut(text: readonly string[]): Promise<number> {
  const outcome = await writeAll(process.stdout, text);
  return outcome.state === "failed" ? EXIT.failed : EXIT.done;
}

/** Without characters that act on a terminal. */
export function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
