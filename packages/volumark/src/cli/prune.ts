/** `volumark runs prune`: removes what is old, too many or too large, and says what came free. */
import { formatCounted } from "@volumark/measure";
import { KEEP_OPTIONS, KEPT_IN_OPTIONS } from "../config/options.ts";
import { type ConfigTexts, readConfig } from "../config/read-config.ts";
import { sizeText } from "../job/size-text.ts";
import { giveSpaceBack, pruneStore, type Space } from "../store/prune.ts";
import { hasPolicy } from "../store/retention.ts";
import { StoreError } from "../store/store-error.ts";
import { EXIT } from "./exit-codes.ts";
import { print } from "./output.ts";
import { openPlace, refuse, type StorePlace } from "./stored-runs.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export type PruneTexts = ConfigTexts &
  StorePlace & { readonly dryRun?: boolean; readonly json?: boolean; readonly color?: boolean };

/** Runs that one transaction removes: nobody waits for this process but writers, and those not long. */
const BATCH = 20;

export async function pruneCommand({ dryRun = false, json = false, color, ...texts }: PruneTexts): Promise<number> {
  const { config } = await readConfig(texts, [...KEEP_OPTIONS, ...KEPT_IN_OPTIONS]);
  const { keepDays: days, keepRuns: runs, keepBytes: bytes } = config;
  const policy = { days, runs, bytes };
  if (!hasPolicy(policy))
    throw new UsageError("runs prune needs --keep-days, --keep-runs or --keep-bytes; nothing is removed without one");
  try {
    const store = await openPlace(texts);
    try {
      const { removed, items, freedBytes } = await pruneStore(store, policy, { dryRun, batch: BATCH });
      const space = dryRun ? null : await giveSpaceBack(store, { whole: removed.length > 0 });
      if (json) {
        const ids = removed.map(({ run, job }) => ({ run, job }));
        return await print([`${JSON.stringify({ dryRun, removed: ids, items, freedBytes, space }, null, 2)}\n`]);
      }
      const verb = dryRun ? "would be removed" : "removed";
      return await print([
        `${removed.length} of ${formatCounted(items, "run")} ${verb}, ${sizeText(freedBytes)} of records, animations and events\n`,
        ...(space === null ? [] : [spaceText(space)]),
      ]);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    refuse(error, paintFor(terminalTraits(process.stderr, process.env, color === false)));
    return EXIT.failed;
  }
}

function spaceText({ beforeBytes, afterBytes, heldBytes }: Space): string {
  const sizes = `${sizeText(beforeBytes)} before, ${sizeText(afterBytes)} now`;
  if (heldBytes === null)
    return `Database: ${sizes}; what was removed is free in it for runs to come and stays there (VACUUM FULL gives it to the disk)\n`;
  const held = heldBytes > 0 ? `, ${sizeText(heldBytes)} of it free for runs to come` : "";
  return `File: ${sizes}${held}\n`;
}
