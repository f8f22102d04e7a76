/** `volumark backup` and `volumark restore`. */
import { resolve } from "node:path";
import { formatCounted } from "@volumark/measure";
import { KEPT_IN_OPTIONS } from "../config/options.ts";
import { readConfig } from "../config/read-config.ts";
import { sizeText } from "../job/size-text.ts";
import { backupStore, restoreStore } from "../store/backup.ts";
import { storeIn } from "../store/data-folder.ts";
import { StoreError } from "../store/store-error.ts";
import { EXIT } from "./exit-codes.ts";
import { print } from "./output.ts";
import { printable } from "./printable.ts";
import { paintFor, terminalTraits } from "./terminal.ts";

export interface BackupTexts {
  readonly data?: string;
  readonly database?: string;
  readonly force?: boolean;
  readonly color?: boolean;
}

export type RestoreTexts = Omit<BackupTexts, "database">;

export async function backupCommand(file: string, { force = false, color, ...texts }: BackupTexts): Promise<number> {
  const { config } = await readConfig(texts, KEPT_IN_OPTIONS);
  const from = config.database === null ? { path: storeIn(config.data) } : { url: config.database };
  return telling(color, async () => {
    const { path, bytes, runs, jobs } = await backupStore(from, file, { replace: force });
    return [`${path}  ${sizeText(bytes)}, ${formatCounted(runs, "run")}, ${formatCounted(jobs, "job")}, checked`];
  });
}

export async function restoreCommand(file: string, { force = false, color, ...texts }: RestoreTexts): Promise<number> {
  const { config } = await readConfig(texts, KEPT_IN_OPTIONS, { ...process.env, VOLUMARK_DATABASE: "" });
  return telling(color, async () => {
    const result = await restoreStore(resolve(file), storeIn(config.data), { replace: force });
    const { path, runs, jobs, movedTo } = result;
    return [
      `${path} is ${file}: ${formatCounted(runs, "run")}, ${formatCounted(jobs, "job")}`,
      ...(movedTo === null ? [] : [`What was there before is ${movedTo}`]),
    ];
  });
}

/** Prints the lines of `work`; what the store refuses is a sentence and an exit code. */
async function telling(color: boolean | undefined, work: () => Promise<readonly string[]>): Promise<number> {
  try {
    return await print((await work()).map((line) => `${printable(line)}\n`));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const paint = paintFor(terminalTraits(process.stderr, process.env, color === false));
    process.stderr.write(`${paint("red", printable(error.message))}\n`);
    return error.code === "conflict" ? EXIT.usage : EXIT.failed;
  }
}
