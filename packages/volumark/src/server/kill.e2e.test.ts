/**
 * What was answered with 202 is there whatever is killed: the real server is killed without warning at moments that a seeded
 * generator draws, while it starts and under load over HTTP, and started again on what it has left.
 *
 * VOLUMARK_KILL_ROUNDS says how often; 16, and 4 on Postgres, take some 25 s.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SeededRandom } from "@volumark/measure";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { RunView } from "../api/run-view.ts";
import { postgresReason, startPostgres } from "../store/fixtures/postgres.ts";
import { withFolder } from "../store/fixtures/stores.ts";
import { openStore } from "../store/store.ts";

const ROUNDS = Number(process.env.VOLUMARK_KILL_ROUNDS ?? 16);
const VICTIM = fileURLToPath(new URL("./fixtures/victim.mjs", import.meta.url));
const RECORD = fileURLToPath(new URL("../../../measure/src/record/fixtures/own.json", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/server/start.js", import.meta.url));

/** The longest that a victim lives under load, and that one lives which is killed while it starts, ms. */
const LOAD_MS = 800;
const START_MS = 1000;
/** Clients that submit at once. */
const CLIENTS = 8;

if (!existsSync(BUILT)) throw new Error(`kill tests: ${BUILT} is not there. Build first: npm run build`);

interface Victim {
  /** Null where it ended before it listened. */
  readonly address: Promise<string | null>;
  kill(signal: NodeJS.Signals): void;
  /** How it ended, and what it complained about. */
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null, problem: string]>;
}

function startVictim(options: object, how: "real" | "stand-in"): Victim {
  const child = spawn(process.execPath, [VICTIM, JSON.stringify(options), how], {
    env: { ...process.env, VICTIM_RECORD: RECORD },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let problem = "";
  child.stderr.on("data", (chunk) => {
    problem += chunk;
  });
  const ended = new Promise<Awaited<Victim["ended"]>>((resolve) =>
    child.on("close", (code, signal) => resolve([code, signal, problem])),
  );
  const address = new Promise<string | null>((resolve) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.endsWith("\n")) resolve(said.trim());
    });
    void ended.then(() => resolve(null));
  });
  return { address, ended, kill: (signal) => void child.kill(signal) };
}

/** What the clients know: the key of each submission, and the run's id where it was acknowledged. */
class Clients {
  readonly acknowledged = new Map<string, string>();
  /** Keys whose answer was never heard: they are sent again. */
  readonly unknown = new Set<string>();
  refusals = 0;
  #next = 0;

  /** Submits until the server is gone. */
  async load(address: string): Promise<void> {
    await Promise.all(Array.from({ length: CLIENTS }, () => this.#client(address)));
  }

  async #client(address: string): Promise<void> {
    for (;;) {
      const [again] = this.unknown;
      const key = again ?? `key-${this.#next++}`;
      this.unknown.delete(key);
      try {
        const response = await submit(address, key);
        if (response.status === 202) {
          const { id } = (await response.json()) as RunView;
          const before = this.acknowledged.get(key);
          if (before !== undefined) expect(id).toBe(before);
          this.acknowledged.set(key, id);
        } else {
          this.unknown.add(key);
          expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([429, "queue-full"]);
          this.refusals++;
          await sleep(20);
        }
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        this.unknown.add(key);
        return;
      }
    }
  }
}

function submit(address: string, key: string): Promise<Response> {
  return fetch(`${address}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ settings: { scene: "seed", dimension: 8, width: 16, height: 12, frames: 2 } }),
  });
}

async function killAndCheck(databaseUrl: string | undefined, folder: string, rounds: number): Promise<void> {
  const draws = new SeededRandom(20261124);
  const random = () => draws.uniform();
  const options = {
    port: 0,
    dataFolder: folder,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    webFolder: null,
    machine: "victim",
    queue: { leaseMs: 120, mostQueued: 200, mostAttempts: 10 },
    worker: { heartbeatMs: 25, idleMs: 20 },
  };
  const clients = new Clients();
  let loads = 0;
  for (let round = 0; round < rounds; round++) {
    const victim = startVictim(options, round % 4 === 3 ? "real" : "stand-in");
    if (round % 5 === 4) await Promise.race([sleep(random() * START_MS), victim.ended]);
    else {
      const address = await victim.address;
      if (address !== null) {
        loads++;
        const load = clients.load(address);
        await sleep(random() * LOAD_MS);
        // With few rounds all of them could die too early.
        for (const least = Math.min(rounds, 20); round === 0 && clients.acknowledged.size <= least; ) await sleep(5);
        victim.kill("SIGKILL");
        await load;
      }
    }
    victim.kill("SIGKILL");
    expect(await victim.ended).toEqual([null, "SIGKILL", ""]);
  }
  // Else the victims died before they did anything, and nothing was tested.
  expect(loads).toBeGreaterThanOrEqual(Math.floor(rounds * 0.8));
  expect(clients.acknowledged.size).toBeGreaterThan(Math.min(loads, 20));

  const last = startVictim({ ...options, queue: { ...options.queue, mostQueued: 1000 } }, "stand-in");
  const address = (await last.address) as string;
  for (const key of clients.unknown) {
    const { id } = (await (await submit(address, key)).json()) as RunView;
    clients.acknowledged.set(key, id);
  }
  for (let left = 1; left > 0; ) {
    await sleep(50);
    left = (await allRuns(address, "status=queued&status=running")).length;
  }
  const runs = await allRuns(address, "limit=50");
  last.kill("SIGTERM");
  expect(await last.ended).toEqual([0, null, ""]);

  expect(runs.map(({ id }) => id).sort()).toEqual([...clients.acknowledged.values()].sort());
  expect(runs.filter(({ status, reason }) => status !== "finished" && !(status === "failed" && reason))).toEqual([]);
  expect(await readdir(join(folder, "work"))).toEqual([]);
  await checkDatabase(databaseUrl, folder);
  console.log(
    `killed ${rounds} times, ${loads} of them under load: ${runs.length} runs acknowledged, ${clients.refusals} refused by a full queue, ${runs.filter(({ status }) => status === "failed").length} failed, attempts up to ${Math.max(...runs.map(({ attempts }) => attempts))}`,
  );
}

async function allRuns(address: string, query: string): Promise<RunView[]> {
  const all: RunView[] = [];
  for (let cursor = ""; ; ) {
    const response = await fetch(`${address}/api/runs?${query}${cursor}`);
    const page = (await response.json()) as { runs: RunView[]; next: string | null };
    all.push(...page.runs);
    if (page.next === null) return all;
    cursor = `&cursor=${page.next}`;
  }
}

async function checkDatabase(databaseUrl: string | undefined, folder: string): Promise<void> {
  const store = await openStore(databaseUrl === undefined ? { path: join(folder, "runs.db") } : { url: databaseUrl });
  const { db } = store;
  try {
    if (store.dialect === "sqlite") {
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
      expect(rows).toEqual([{ integrity_check: "ok" }]);
    }
    const jobs = await db.selectFrom("jobs").selectAll().execute();
    expect(new Set(jobs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(jobs.length);
    expect(jobs.filter(({ token, runningOn }) => token !== null || runningOn !== null)).toEqual([]);
    const events = await db.selectFrom("jobEvents").select(["job", "sequence"]).orderBy("sequence").execute();
    const numbers = new Map<string, number[]>();
    for (const { job, sequence } of events) numbers.set(job, [...(numbers.get(job) ?? []), sequence]);
    expect(numbers.size).toBe(jobs.length);
    for (const { id, lastEvent } of jobs)
      expect(numbers.get(id)).toEqual(Array.from({ length: lastEvent }, (_, i) => i + 1));

    // Every run belongs to a job, has its record, and its GIF is whole; and nothing else is there.
    const wanted = jobs.flatMap(({ runId }) => runId ?? []).sort();
    for (const table of ["runs", "runRecords"] as const)
      expect((await db.selectFrom(table).select("id").execute()).map(({ id }) => id).sort()).toEqual(wanted);
    const hashes = (await db.selectFrom("runs").select("gifHash").execute()).map(({ gifHash }) => gifHash);
    const parts = await db.selectFrom("gifParts").selectAll().orderBy("part").execute();
    expect(new Set(parts.map(({ hash }) => hash))).toEqual(new Set(hashes));
    for (const hash of new Set(hashes)) {
      const bytes = Buffer.concat(parts.filter((part) => part.hash === hash).map((part) => part.bytes));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(hash);
    }
    for (const id of wanted.slice(-20)) expect((await store.get(id)).whole).toBe(true);
  } finally {
    await store.close();
  }
}

describe("killed without warning, every run that was answered with 202 is there once, ended, with nothing half-written", () => {
  test(`SQLite, ${ROUNDS} times`, () => withFolder((folder) => killAndCheck(undefined, folder, ROUNDS)), 600_000);

  const reason = postgresReason();
  const rounds = Math.ceil(ROUNDS / 4);
  test.skipIf(reason !== null)(
    reason === null ? `Postgres, ${rounds} times` : `Postgres: skipped, ${reason}`,
    async () => {
      const server = await startPostgres();
      try {
        const url = await server.newDatabase();
        await withFolder((folder) => killAndCheck(url, folder, rounds));
      } finally {
        await server.stop();
      }
    },
    600_000,
  );
});
