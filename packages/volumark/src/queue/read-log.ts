/** The log of a job, read page by page. */
import type { QueueContext } from "./context.ts";
import { rowOf, unknownJob } from "./job-row.ts";
import { type EventPage, type JobEvent, type JobEventKind, TERMINAL_KINDS } from "./job-types.ts";

/** Events of one page, and characters of their data after which a page ends early. */
const MOST_PAGE = 1000;
const MOST_PAGE_BYTES = 512 * 1024;

/** A sequence may come from outside; the column has 32 bits. */
const MOST_SEQUENCE = 2 ** 31 - 1;

/** Events after this sequence, the oldest first. Throws `unknown-job`. */
export async function eventsAfter(
  { store }: QueueContext,
  id: string,
  sequence: number,
  limit = 500,
): Promise<EventPage> {
  if (id.includes("\0")) throw unknownJob(id);
  const most = Math.min(MOST_PAGE, Math.max(1, Math.floor(limit)));
  const rows = await store.db
    .selectFrom("jobEvents")
    .selectAll()
    .where("job", "=", id)
    .where("sequence", ">", Math.max(0, Math.min(MOST_SEQUENCE, Math.floor(sequence) || 0)))
    .orderBy("sequence")
    .limit(most + 1)
    .execute();
  if (rows.length === 0) return { events: [], more: false, ended: await hasEnded({ store }, id) };
  const events: JobEvent[] = [];
  let bytes = 0;
  for (const { sequence: number, kind, at, data } of rows.slice(0, most)) {
    bytes += data.length;
    if (bytes > MOST_PAGE_BYTES && events.length > 0) break;
    events.push({ sequence: number, kind: kind as JobEventKind, at, data: JSON.parse(data) as JobEvent["data"] });
  }
  return { events, more: events.length < rows.length, ended: TERMINAL_KINDS.includes(events.at(-1)!.kind) };
}

async function hasEnded({ store }: Pick<QueueContext, "store">, id: string): Promise<boolean> {
  const { status } = await rowOf(store.db, id);
  return status !== "queued" && status !== "running";
}
