/**
 * Which stored runs go, by age, number and bytes: a decision and nothing else.
 *
 * Guaranteed: what is protected stays and counts as kept; of the others, whatever goes is older than whatever stays; a GIF
 * that several runs share counts once, and is freed with the last of them.
 */
export interface KeepPolicy {
  /** Runs that were stored longer ago go, days. */
  readonly days: number | null;
  /** The newest so many stay. */
  readonly runs: number | null;
  /** The newest that fit into so many bytes stay. */
  readonly bytes: number | null;
}

export interface KeptItem {
  /** Of the stored run, or of a job that has ended without one. */
  readonly id: string;
  /** Unix milliseconds at which it was stored, or ended. */
  readonly sinceMs: number;
  /** Of its record and its events; the GIF is counted apart. */
  readonly bytes: number;
  readonly gif: { readonly hash: string; readonly bytes: number } | null;
  /** Acknowledged: somebody refers to it. */
  readonly protected: boolean;
}

export interface Retention<Item> {
  /** The oldest first. */
  readonly remove: readonly Item[];
  readonly freedBytes: number;
  readonly keptBytes: number;
}

/** Whether the policy says anything at all. */
export function hasPolicy({ days, runs, bytes }: KeepPolicy): boolean {
  return days !== null || runs !== null || bytes !== null;
}

const DAY_MS = 86_400_000;

/** n log n in the number of items. */
export function decideRetention<Item extends KeptItem>(
  items: readonly Item[],
  policy: KeepPolicy,
  nowMs: number,
): Retention<Item> {
  const newestFirst = [...items].sort((a, b) => b.sinceMs - a.sinceMs || (a.id < b.id ? 1 : -1));
  const held = new Set<string>();
  const costOf = ({ bytes, gif }: Item) => bytes + (gif && !held.has(gif.hash) ? gif.bytes : 0);
  let keptBytes = 0;
  let kept = 0;
  const keep = (item: Item) => {
    keptBytes += costOf(item);
    kept++;
    if (item.gif) held.add(item.gif.hash);
  };
  for (const item of newestFirst) if (item.protected) keep(item);
  const oldestMs = policy.days === null ? Number.NEGATIVE_INFINITY : nowMs - policy.days * DAY_MS;
  const mostRuns = policy.runs ?? Number.POSITIVE_INFINITY;
  const mostBytes = policy.bytes ?? Number.POSITIVE_INFINITY;
  const remove: Item[] = [];
  for (const item of newestFirst) {
    if (item.protected) continue;
    const stays =
      remove.length === 0 && item.sinceMs >= oldestMs && kept < mostRuns && keptBytes + costOf(item) <= mostBytes;
    if (stays) keep(item);
    else remove.push(item);
  }
  let freedBytes = 0;
  for (const item of remove) {
    freedBytes += costOf(item);
    if (item.gif) held.add(item.gif.hash);
  }
  return { remove: remove.reverse(), freedBytes, keptBytes };
}
