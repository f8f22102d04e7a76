/** What is stored of a run beside its row, read as it lies there: its packed record, and bytes of its GIF in parts. */
import { sql } from "kysely";
import type { PackedRecord } from "../store/packed-record.ts";
import { StoreError } from "../store/store-error.ts";
import type { Database } from "../store/tables.ts";

export async function packedRecord(db: Database, runId: string): Promise<PackedRecord> {
  const packed = await db.selectFrom("runRecords").selectAll().where("id", "=", runId).executeTakeFirst();
  if (!packed) throw gone(`the record of ${runId}`);
  return packed;
}

/** Bytes of a stored GIF. */
export async function gifLength(db: Database, hash: string): Promise<number> {
  const row = await db
    .selectFrom("gifParts")
    .select(sql<number | null>`sum(length("bytes"))`.as("length"))
    .where("hash", "=", hash)
    .executeTakeFirst();
  const length = Number(row?.length ?? 0);
  if (length === 0) throw gone("the animation");
  return length;
}

/** The bytes `from` to `to`, which is not included, a part at a time: 1 MiB in memory, whatever is asked for. */
export async function* gifBytes(db: Database, hash: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let part = 0; start < to; part++) {
    // All parts but the last are equally long; which one holds `from` is not taken for granted.
    const length = await partLength(db, hash, part);
    if (start + length > from) {
      const bytes = await partBytes(db, hash, part);
      yield bytes.subarray(Math.max(0, from - start), Math.min(length, to - start));
    }
    start += length;
  }
}

export async function wholeGif(db: Database, hash: string): Promise<Uint8Array> {
  const parts = await db.selectFrom("gifParts").select("bytes").where("hash", "=", hash).orderBy("part").execute();
  if (parts.length === 0) throw gone("the animation");
  return parts.length === 1 ? parts[0]!.bytes : Buffer.concat(parts.map(({ bytes }) => bytes));
}

async function partLength(db: Database, hash: string, part: number): Promise<number> {
  const row = await db
    .selectFrom("gifParts")
    .select(sql<number>`length("bytes")`.as("length"))
    .where("hash", "=", hash)
    .where("part", "=", part)
    .executeTakeFirst();
  if (!row) throw gone("the animation");
  return Number(row.length);
}

async function partBytes(db: Database, hash: string, part: number): Promise<Uint8Array> {
  const row = await db
    .selectFrom("gifParts")
    .select("bytes")
    .where("hash", "=", hash)
    .where("part", "=", part)
    .executeTakeFirst();
  if (!row) throw gone("the animation");
  return row.bytes;
}

/** Deleted since its row was read. */
function gone(what: string): StoreError {
  return new StoreError("unknown-run", { problem: `${what} is not there any more`, action: "Ask for the run again." });
}
