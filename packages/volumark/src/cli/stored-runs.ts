/** What the commands that show stored runs share: the store opened and closed around their work, and how a run is named. */
import { existsSync } from "node:fs";
import { KEPT_IN_OPTIONS } from "../config/options.ts";
import { storeIn, storePath } from "../store/data-folder.ts";
import { openStore, type RunStore } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { EXIT } from "./exit-codes.ts";
import { writeAll } from "./output.ts";
import { type Paint, paintFor, terminalTraits } from "./terminal.ts";

/** Characters of an id that are shown in a list: enough for some ten thousand runs. */
export const SHORT_ID = 8;

/** Another place than the user's data folder. */
export interface StorePlace {
  /** A folder. */
  readonly data?: string | undefined;
  /** The address of a Postgres database. */
  readonly database?: string | undefined;
}

interface Opening {
  readonly durable?: boolean;
  /** Whether a store is made in a folder that was named and has none. */
  readonly makes?: boolean;
}

/** Opens the store at the place, else the one that environment or configuration file name, else the user's. Throws `StoreError`, `UsageError`. */
export async function openPlace(
  place: StorePlace,
  { durable = false, makes = false }: Opening = {},
): Promise<RunStore> {
  const { path, url } = await findPlace(place);
  if (url !== null) return openStore({ durable, url });
  if (place.data !== undefined && !makes && !existsSync(path)) {
    throw new StoreError("unusable", {
      problem: `there is no store at ${path}`,
      action: "Name its folder with --data.",
    });
  }
  return openStore({ durable, path });
}

/** The file, and the address of the database that takes its place. */
export async function findPlace({ data, database }: StorePlace): Promise<{ path: string; url: string | null }> {
  const { VOLUMARK_DATABASE, VOLUMARK_CONFIG } = process.env;
  // What checks addresses and reads files takes 50 ms to load, and is mostly not needed.
  if (data === undefined && database === undefined && !VOLUMARK_DATABASE && !VOLUMARK_CONFIG)
    return { path: storePath(), url: null };
  const { readConfig } = await import("../config/read-config.ts");
  const { config } = await readConfig(
    { ...(data === undefined ? {} : { data }), ...(database === undefined ? {} : { database }) },
    KEPT_IN_OPTIONS,
  );
  return { path: storeIn(config.data), url: config.database };
}

/** Opens the store, does the work with it and closes it; what the store refuses is a sentence and an exit code. */
export async function withStore(
  { color, data, database, ...opening }: StorePlace & Opening & { readonly color?: boolean },
  work: (store: RunStore, paint: Paint, columns: number) => Promise<number>,
): Promise<number> {
  const traits = terminalTraits(process.stdout, process.env, color === false);
  const paint = paintFor(traits);
  try {
    const store = await openPlace({ data, database }, opening);
    try {
      return await work(store, paint, Math.min(160, Math.max(60, traits.columns)));
    } finally {
      await store.close();
    }
  } catch (error) {
    return refuse(error, paintFor(terminalTraits(process.stderr, process.env, color === false)));
  }
}

/** Says why the store can't be used. */
export function refuse(error: unknown, paint: Paint): number {
  if (!(error instanceof StoreError)) throw error;
  process.stderr.write(`${paint("red", `${error.message}`)}\n`);
  const named: readonly string[] = ["unknown-run", "unknown-key", "ambiguous"];
  return named.includes(error.code) ? EXIT.usage : EXIT.failed;
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

/** `+4.1 %`: how one run differs from another. */
export function changeShare(share: number): string {
  return `${share < 0 ? "" : "+"}${(100 * share).toFixed(1)} %`;
}
