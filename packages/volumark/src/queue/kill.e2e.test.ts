/**
 * What was acknowledged is there whatever is killed: a program that submits and works is killed without warning at moments
 * that a seeded generator draws, from its first statement on, and started again on what it has left.
 *
 * VOLUMARK_KILL_ROUNDS says how often; 25 takes 20 s.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SeededRandom } from "@volumark/measure";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { postgresReason, startPostgres } from "../store/fixtures/postgres.ts";
import { withFolder } from "../store/fixtures/stores.ts";
import { openStore, type RunStore } from "../store/store.ts";
import { madeRun, request } from "./fixtures/queues.ts";
import { openQueue } from "./queue.ts";
import { runWorker } from "./worker.ts";

const ROUNDS = Number(process.env.VOLUMARK_KILL_ROUNDS ?? 25);
const VICTIM = fileURLToPath(new URL("./fixtures/victim.mjs", import.meta.url));
const RECORD = fileURLToPath(new URL("../../../measure/src/record/fixtures/own.json", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/queue/worker.js", import.meta.url));

/** The longest that a victim lives, ms: it needs some 200 to start. */
const LONGEST_MS = 800;

if (!existsSync(BUILT)) throw new Error(`kill tests: ${BUILT} is not there. Build first: npm run build`);

/** So many acknowledgements the first victim lives for, whatever was drawn: with few rounds all of them could die too early. */
const leastOf = (rounds: number) => Math.min(rounds, 20) + 1;

/** Runs the victim for so long, and until it has acknowledged `least`; returns what it acknowledged. */
async function killed(words: readonly string[], ms: number, least = 0): Promise<[key: string, id: string][]> {
  const child = spawn(process.execPath, [VICTIM, ...words], {
    env: { ...process.env, VICTIM_RECORD: RECORD },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let problem = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    problem += chunk;
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve) => child.on("close", (_, signal) => resolve(signal)));
  const enough = async () => {
    await sleep(ms);
    while (said.split("\n").length <= least) await sleep(5);
  };
  await Promise.race([enough(), closed]);
  child.kill("SIGKILL");
  expect([await closed, problem]).toEqual(["SIGKILL", ""]);
  // A last line without its end was never acknowledged.
  const lines = said.split("\n").slice(0, -1);
  return lines.map((line) => line.split(" ") as [string, string]);
}

async function killAndCheck(where: { path: string } | { url: string }, folder: string, rounds: number): Promise<void> {
  const draws = new SeededRandom(20261124);
  const random = () => draws.uniform();
  const workFolder = join(folder, "work");
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    const how = round % 3 === 2 ? "real" : "stand-in";
    const words = [JSON.stringify(where), workFolder, String(round), how];
    for (const [key, id] of await killed(words, random() * LONGEST_MS, round === 0 ? leastOf(rounds) : 0))
      acknowledged.set(key, id);
  }
  // Else the victims died before they did anything, and nothing was tested.
  expect(acknowledged.size).toBeGreaterThanOrEqual(leastOf(rounds));

  const store = await openStore({ ...where, busyMs: 10_000 });
  const queue = openQueue({ store, leaseMs: 200, mostAttempts: 5 });
  try {
    const stop = new AbortController();
    let made = 0;
    const working = runWorker(queue, {
      workFolder,
      signal: stop.signal,
      heartbeatMs: 25,
      idleMs: 20,
      make: () => ({
        made: madeRun(`last-${made++}`).then((run) => ({ kind: "run", status: "done", problem: "", ...run }) as const),
        stop: () => undefined,
        kill: () => undefined,
      }),
    });
    for (let counts = await queue.counts(); counts.queued + counts.running > 0; counts = await queue.counts()) {
      await sleep(20);
    }
    stop.abort();
    await working;
    await checkJobs(store, acknowledged);
    for (const [key, id] of [...acknowledged].slice(-50)) {
      const settings = { scene: "seed", dimension: 8, width: 16, height: 12, frames: 2 };
      const again = await queue.submit(request({ settings, settingsHash: "0", idempotencyKey: key }));
      expect([again.job.id, again.created]).toEqual([id, false]);
    }
    expect(await readdir(workFolder)).toEqual([]);
  } finally {
    await queue.close();
    await store.close();
  }
}

async function checkJobs({ db, dialect }: RunStore, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const jobs = await db.selectFrom("jobs").selectAll().orderBy("number").execute();
  const byKey = new Map(jobs.map((job) => [job.idempotencyKey, job.id]));
  expect(byKey.size).toBe(jobs.length);
  const lost = [...acknowledged].filter(([key, id]) => byKey.get(key) !== id);
  expect(lost).toEqual([]);
  // One at most was on the disk and not yet acknowledged each time that the program was killed.
  expect(jobs.length - acknowledged.size).toBeLessThanOrEqual(ROUNDS);
  const unfinished = jobs.filter(({ status, reason }) => status !== "finished" && !(status === "failed" && reason));
  expect(unfinished).toEqual([]);
  expect(jobs.filter(({ token, runningOn }) => token !== null || runningOn !== null)).toEqual([]);

  const events = await db.selectFrom("jobEvents").select(["job", "sequence", "kind"]).orderBy("sequence").execute();
  for (const { id, lastEvent } of jobs) {
    const own = events.filter(({ job }) => job === id);
    expect(own.map(({ sequence }) => sequence)).toEqual(Array.from({ length: lastEvent }, (_, i) => i + 1));
    const ends = own.filter(({ kind }) => ["finished", "failed", "cancelled"].includes(kind));
    expect(ends.map(({ sequence }) => sequence)).toEqual([lastEvent]);
  }

  const idsOf = async (table: "runs" | "runRecords") =>
    (await db.selectFrom(table).select("id").orderBy("id").execute()).map(({ id }) => id);
  const wanted = jobs.flatMap(({ runId }) => runId ?? []).sort();
  expect(await idsOf("runs")).toEqual(wanted);
  expect(await idsOf("runRecords")).toEqual(wanted);
  const runs = await db.selectFrom("runs").select("gifHash").execute();
  const parts = await db.selectFrom("gifParts").select("hash").execute();
  expect(new Set(parts.map(({ hash }) => hash))).toEqual(new Set(runs.map(({ gifHash }) => gifHash)));
  if (dialect === "sqlite") {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
    expect(rows).toEqual([{ integrity_check: "ok" }]);
  }
}

describe("killed without warning, every acknowledged job is there once, ended, with nothing half-written", () => {
  test(
    `SQLite, ${ROUNDS} times`,
    () => withFolder((folder) => killAndCheck({ path: join(folder, "runs.db") }, folder, ROUNDS)),
    240_000,
  );

  const reason = postgresReason();
  const rounds = Math.ceil(ROUNDS / 3);
  test.skipIf(reason !== null)(
    reason === null ? `Postgres, ${rounds} times` : `Postgres: skipped, ${reason}`,
    async () => {
      const server = await startPostgres();
      try {
        const url = await server.newDatabase();
        await withFolder((folder) => killAndCheck({ url }, folder, rounds));
      } finally {
        await server.stop();
      }
    },
    240_000,
  );
});
