/** The service as people start it: what it prints, what it refuses, how it ends, and workers beside it. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../api/client.ts";
import { ownProcess } from "../queue/worker-process.ts";
import { type PostgresServer, postgresReason, startPostgres } from "../store/fixtures/postgres.ts";
import { openStore } from "../store/store.ts";
import { program } from "./fixtures/program.ts";
import { begin, type Service, type Started, serve } from "./fixtures/service.ts";

let folder: string;
const running: Started[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-serve-"));
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

const at = (...parts: string[]) => join(folder, ...parts);
const volumark = (words: readonly string[], env: Record<string, string> = {}) =>
  program(words, { cwd: folder, env: { VOLUMARK_DATA: at("data"), ...env } });
const server = async (words: readonly string[] = [], env: Record<string, string> = {}): Promise<Service> => {
  const started = await serve(words, { cwd: folder, env: { VOLUMARK_DATA: at("data"), ...env } });
  running.push(started);
  return started;
};
const worker = (words: readonly string[], env: Record<string, string> = {}): Started => {
  const started = begin(["worker", ...words], { cwd: folder, env: { VOLUMARK_DATA: at("data"), ...env } });
  running.push(started);
  return started;
};

const TINY = { scene: "seed", dimension: 8, width: 32, height: 24, frames: 4 } as const;
const submit = ({ address }: Service, settings: object = TINY, machine?: string) =>
  createClient({ baseUrl: address }).call("submitRun", {
    body: { settings: { ...TINY, ...settings }, ...(machine === undefined ? {} : { machine }) },
  });
const view = ({ address }: Service, id: string) =>
  createClient({ baseUrl: address }).call("getRun", { params: { id } });
const last = async ({ address }: Service, id: string) => {
  let kind = "";
  for await (const event of createClient({ baseUrl: address }).follow(id)) kind = event.kind;
  return kind;
};

describe("volumark serve", () => {
  test("prints its address, makes what is submitted, and ends with 0 on Ctrl-C; logs are JSON lines apart from that", async () => {
    const service = await server();
    expect(service.said()).toMatch(/^Volumark \d+\.\d+\.\d+\n {2}Page +http:\/\/127\.0\.0\.1:\d+\/\n/);
    expect(service.said()).toContain(at("data", "runs.db"));
    const { id } = await submit(service);
    expect(await last(service, id)).toBe("finished");
    const { code, stdout, stderr } = await service.stop();
    expect(code).toBe(0);
    expect(stderr).toMatch(/\nEnded\.\n$/);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.some(({ route, run }) => route === "submitRun" && run === id)).toBe(true);
    const store = await openStore({ path: at("data", "runs.db") });
    expect(await store.list()).toHaveLength(1);
    await store.close();
    expect(await readdir(at("data", "work"))).toEqual([]);
  });

  test("says on Ctrl-C which run it waits for, and finishes it within the time", async () => {
    const service = await server(["--grace", "20"], { VOLUMARK_FAULT: "slow@150" });
    const { id } = await submit(service);
    for await (const { kind } of createClient({ baseUrl: service.address }).follow(id)) if (kind === "frame") break;
    const { code, stderr } = await service.stop();
    expect(stderr).toContain(`Ending: run ${id.slice(0, 8)} (seed, 4 frames) has 20 s to come to its end`);
    expect(stderr).toMatch(new RegExp(`${id.slice(0, 8)} {2}seed, 4 frames {2}finished in [\\d.]+ s`));
    expect(code).toBe(0);
  });

  test("puts a run back that does not end in time, and makes it after the next start", async () => {
    const service = await server(["--grace", "0.2"], { VOLUMARK_FAULT: "slow@3000" });
    const { id } = await submit(service);
    for await (const { kind } of createClient({ baseUrl: service.address }).follow(id)) if (kind === "started") break;
    const { code, stderr } = await service.stop();
    expect([code, stderr]).toEqual([0, expect.stringContaining("put back into the queue")]);
    const again = await server();
    expect(await last(again, id)).toBe("finished");
    expect((await view(again, id)).attempts).toBe(1);
  });

  test("a second Ctrl-C ends it at once, and says what becomes of the run", async () => {
    const service = await server(["--grace", "600"], { VOLUMARK_FAULT: "slow@5000" });
    const { id } = await submit(service);
    for await (const { kind } of createClient({ baseUrl: service.address }).follow(id)) if (kind === "started") break;
    service.child.kill("SIGINT");
    await service.saying("Ending: run");
    service.child.kill("SIGINT");
    const { code, stderr } = await service.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("the run is made again by the next worker, on another machine when nothing was heard");
  });

  test.skipIf(ownProcess() === null)(
    ownProcess() === null
      ? "a server that is killed: skipped, this system does not tell which processes are gone"
      : "a server that is killed leaves its run to the next start at once, as another attempt",
    async () => {
      const service = await server([], { VOLUMARK_FAULT: "slow@400" });
      const { id } = await submit(service);
      for await (const { kind } of createClient({ baseUrl: service.address }).follow(id)) if (kind === "frame") break;
      service.child.kill("SIGKILL");
      await service.ended;
      const again = await server();
      expect(again.said()).not.toContain("Running");
      expect(await last(again, id)).toBe("finished");
      expect(await view(again, id)).toMatchObject({ status: "finished", attempts: 2 });
      const store = await openStore({ path: at("data", "runs.db") });
      const put = await store.db.selectFrom("jobEvents").select("data").where("kind", "=", "requeued").execute();
      expect(put.map(({ data }) => data)).toEqual([expect.stringMatching(/"reason":"worker \S+ on .* was killed"/)]);
      await store.close();
    },
  );

  test("a port that is taken, a host that there is not, a folder that is a file: one sentence with the way out", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    try {
      const busy = await volumark(["serve", "--port", String(port)]);
      expect([busy.code, busy.stderr]).toEqual([
        2,
        `listen on 127.0.0.1:${port}: another program has this port, perhaps another volumark serve. Give --port 0 for a free one, or --port ${port === 65_535 ? port - 1 : port + 1}.\n`,
      ]);
    } finally {
      other.close();
    }
    const nowhere = await volumark(["serve", "--host", "203.0.113.7", "--port", "0"]);
    expect([nowhere.code, nowhere.stderr.split("\n").length]).toEqual([2, 2]);
    await writeFile(at("file"), "");
    const file = await volumark(["serve", "--data", at("file"), "--port", "0"]);
    expect([file.code, file.stderr.split("\n").length]).toEqual([2, 2]);
    expect(file.stderr).toContain(`use the folder ${at("file")}: it is a file`);
    expect((await volumark(["serve", "--check", "--data", at("file"), "--port", "0"])).code).toBe(2);
    for (const command of [["serve", "--port", "0"], ["serve", "--check", "--port", "0"], ["worker"]]) {
      const below = await volumark([...command, "--data", at("file/below")]);
      expect([command, below.code]).toEqual([command, 2]);
      expect(below.stdout + below.stderr).toContain(`use the folder ${at("file/below")}: ${at("file")} is a file.`);
    }
  });

  test("an address that others reach is refused while nobody has a key, and taken when somebody has", async () => {
    const refused = await volumark(["serve", "--host", "0.0.0.0", "--port", "0"]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("volumark keys add")]);
    await volumark(["keys", "add", "--name", "ci", "--scope", "run"]);
    const service = await server(["--host", "0.0.0.0"]);
    expect((await fetch(`${service.address}/api/runs`)).status).toBe(401);
    expect((await service.stop()).code).toBe(0);
  });

  test("old runs go by themselves, with their space", async () => {
    const store = await openStore({ path: at("data", "runs.db") });
    await store.close();
    const before = await server();
    const ids = [(await submit(before)).id, (await submit(before, { frames: 3 })).id];
    for (const id of ids) await last(before, id);
    await before.stop();
    const service = await server(["--keep-runs", "1"]);
    for (let i = 0; i < 100 && (await createClient({ baseUrl: service.address }).call("listRuns")).runs.length > 1; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const { runs } = await createClient({ baseUrl: service.address }).call("listRuns");
    expect(runs.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await service.stop()).stdout).toContain('"msg":"old runs were removed"');
  });
});

describe("volumark serve --check", () => {
  test("shows each setting with where it came from, and starts and makes nothing", async () => {
    await writeFile(at("serve.json"), JSON.stringify({ keepDays: 30, port: 1 }));
    const { code, stdout, stderr } = await volumark(["serve", "--check", "--config", "serve.json", "--lanes", "2"], {
      VOLUMARK_PORT: "0",
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^--port +0 +environment$/m);
    expect(stdout).toMatch(/^--keep-days +30 +file$/m);
    expect(stdout).toMatch(/^--lanes +2 +command line$/m);
    expect(stdout).toMatch(/^--grace +10 s +default$/m);
    expect(stdout).toContain("runs.db will be made");
    expect(existsSync(at("data"))).toBe(false);
  });

  test("ends with 2 and says each thing that is wrong, without a password", async () => {
    const { code, stdout } = await volumark([
      "serve",
      "--check",
      "--port",
      "0",
      "--host",
      "0.0.0.0",
      "--database",
      "postgres://me:secret@127.0.0.1:1/runs",
    ]);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^✗ {2}database +postgres:\/\/me@127\.0\.0\.1:1\/runs can't be opened \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. See that the server runs/m,
    );
    expect(stdout).toMatch(/^✗ {2}keys +listen on 0\.0\.0\.0/m);
    expect(stdout).not.toContain("secret");
  });

  test("a wrong file, option or variable is one sentence", async () => {
    await writeFile(at("serve.json"), '{"prot": 1}');
    const file = await volumark(["serve", "--check", "--config", "serve.json"]);
    expect([file.code, file.stderr]).toEqual([
      2,
      '--config serve.json: there is no key "prot"; did you mean "port"?\n',
    ]);
    const variable = await volumark(["serve"], { VOLUMARK_PORT: "x" });
    expect([variable.code, variable.stderr]).toEqual([
      2,
      'VOLUMARK_PORT must be a whole number from 0 to 65535, got "x"\n',
    ]);
  });
});

describe("volumark worker", () => {
  test("makes the runs of a server that makes none, says a line for each, and ends with 0", async () => {
    const service = await server(["--no-worker"]);
    const { id } = await submit(service);
    const one = worker(["--machine", "bench-2", "--lanes", "1"]);
    expect(await last(service, id)).toBe("finished");
    await one.saying(/finished in/);
    expect((await view(service, id)).worker).toBe("bench-2");
    one.child.kill("SIGTERM");
    const { code, stdout, stderr } = await one.ended;
    expect([code, stdout]).toEqual([0, ""]);
    const short = id.slice(0, 8);
    expect(stderr).toMatch(
      new RegExp(
        `^Worker bench-2 of .*runs\\.db; Ctrl-C ends it\\.\n${short} {2}seed, 4 frames {2}begun\n${short} {2}seed, 4 frames {2}finished in [\\d.]+ s, run [0-9a-f]{8}\n`,
      ),
    );
  });

  test("leaves runs alone that ask for another machine", async () => {
    const service = await server(["--machine", "here"]);
    const elsewhere = await submit(service, {}, "bench-2");
    const here = await submit(service, {}, "here");
    expect(await last(service, here.id)).toBe("finished");
    expect((await view(service, elsewhere.id)).status).toBe("queued");
    worker(["--machine", "bench-2", "--quiet"]);
    expect(await last(service, elsewhere.id)).toBe("finished");
  });

  const reason = postgresReason();
  test.skipIf(reason !== null)(
    reason === null
      ? "works on a Postgres queue beside others, and a backup of it is a store"
      : `works on a Postgres queue beside others: skipped, ${reason}`,
    async () => {
      const postgres: PostgresServer = await startPostgres();
      try {
        const database = await postgres.newDatabase();
        const service = await server(["--no-worker", "--database", database]);
        const workers = ["a", "b"].map((label) => worker(["--database", database, "--machine", label, "--lanes", "1"]));
        const ids = await Promise.all(
          Array.from({ length: 4 }, async (_, i) => (await submit(service, { frames: i + 2 })).id),
        );
        for (const id of ids) expect(await last(service, id)).toBe("finished");
        for (const { child } of workers) child.kill("SIGINT");
        const ends = await Promise.all(workers.map(({ ended }) => ended));
        expect(ends.map(({ code }) => code)).toEqual([0, 0]);
        expect(ends.map(({ stderr }) => stderr.match(/finished in/g)?.length ?? 0).reduce((a, b) => a + b)).toBe(4);
        const backup = await volumark(["backup", "backup.db", "--database", database]);
        expect([backup.code, backup.stdout]).toEqual([0, expect.stringContaining("4 runs, 4 jobs, checked")]);
        expect((await volumark(["restore", "backup.db", "--data", "copy"])).code).toBe(0);
        expect(
          JSON.parse((await volumark(["runs", "list", "--json"], { VOLUMARK_DATA: at("copy") })).stdout),
        ).toHaveLength(4);
        expect((await service.stop()).code).toBe(0);
      } finally {
        for (const { child, ended } of running.splice(0)) {
          child.kill("SIGKILL");
          await ended;
        }
        await postgres.stop();
      }
    },
    60_000,
  );
});

describe("volumark backup, while a server runs and takes runs", () => {
  test("writes what can be restored and served, and restoring over a server that runs is refused", async () => {
    const service = await server();
    const ids: string[] = [];
    let submitting = true;
    const load = (async () => {
      while (submitting) ids.push((await submit(service, { frames: 2 + (ids.length % 3) })).id);
    })();
    try {
      for (const name of ["1.db", "2.db", "3.db"]) {
        const { code, stdout, stderr } = await volumark(["backup", name]);
        expect([code, stderr]).toEqual([0, ""]);
        expect(stdout).toMatch(/ runs?, \d+ jobs?, checked\n$/);
      }
    } finally {
      submitting = false;
      await load;
    }
    const refused = await volumark(["restore", "3.db", "--force"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("is in use")]);
    for (const id of ids.slice(0, 3)) await view(service, id);
    await service.stop();
    expect((await readdir(folder)).sort()).toEqual(["1.db", "2.db", "3.db", "data"]);
    expect((await volumark(["restore", "3.db", "--data", "copy"])).stdout).toContain("runs.db is 3.db");
    const copy = await server(["--data", "copy"]);
    const first = ids[0]!;
    await last(copy, first);
    const gif = await fetch(`${copy.address}/api/runs/${first}/animation.gif`);
    expect([gif.status, gif.headers.get("content-type")]).toEqual([200, "image/gif"]);
  }, 60_000);

  test("what can't be: no store, a file that is there, a backup that is none", async () => {
    expect(await volumark(["backup", "b.db"])).toMatchObject({ code: 1, stderr: expect.stringContaining("no store") });
    await volumark(["run", "--dimension", "8", "--resolution", "16x12", "--frames", "2", "--quiet"]);
    expect((await volumark(["backup", "b.db"])).code).toBe(0);
    expect(await volumark(["backup", "b.db"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
    await writeFile(at("text.db"), "hello");
    expect(await volumark(["restore", "text.db", "--data", "copy"])).toMatchObject({ code: 1 });
    expect(existsSync(at("copy", "runs.db"))).toBe(false);
  });
});

describe("volumark runs prune", () => {
  const run = (frames: string) =>
    volumark(["run", "--dimension", "8", "--resolution", "64x48", "--frames", frames, "--quiet", "--lanes", "1"]);

  test("says what would go, removes it, and needs to be told what to keep", async () => {
    for (const frames of ["2", "3", "4"]) await run(frames);
    const none = await volumark(["runs", "prune"]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("needs --keep-days")]);
    const dry = await volumark(["runs", "prune", "--keep-runs", "1", "--dry-run"]);
    expect(dry.stdout).toMatch(/^2 of 3 runs would be removed, [\d.]+ kB/);
    const { code, stdout } = await volumark(["runs", "prune", "--keep-runs", "1", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: false, items: 3, space: { heldBytes: 0 } });
    const left = JSON.parse((await volumark(["runs", "list", "--json"])).stdout);
    expect(left.map(({ frames }: { frames: number }) => frames)).toEqual([4]);
  });
});
