/** `volumark run --server` beside a local run: the same files, report, line protocol and exit codes, whatever happens on the way. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../api/client.ts";
import { program, programInTerminal, terminalReason } from "./fixtures/program.ts";
import { begin, type Service, type Started, serve } from "./fixtures/service.ts";

let folder: string;
const running: Started[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-remote-"));
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

const at = (...parts: string[]) => join(folder, ...parts);
const server = async (words: readonly string[] = [], env: Record<string, string> = {}): Promise<Service> => {
  const started = await serve(["--data", at("data"), ...words], { cwd: folder, env });
  running.push(started);
  return started;
};
const SMALL = ["--dimension", "12", "--resolution", "48x36", "--frames", "5", "--lanes", "1"];
const CLIENT = { VOLUMARK_DATA: "client-data" };
const run = (address: string, words: readonly string[] = [], env: Record<string, string> = {}) =>
  program(["run", "--server", address, ...SMALL, ...words], { cwd: folder, env: { ...CLIENT, ...env } });
const runBeginning = (address: string, words: readonly string[] = []): Started => {
  const started = begin(["run", "--server", address, ...SMALL, ...words], { cwd: folder, env: CLIENT });
  running.push(started);
  return started;
};
const json = async (name: string) => JSON.parse(await readFile(at(name), "utf8"));
const submitted = ({ said }: Started) =>
  /Submitted as [0-9a-f]{8}: http:\S+\/runs\/([0-9a-f-]{36})/.exec(said())?.[1] ?? "";

/** One that nobody listens on. */
async function freePort(): Promise<number> {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  await new Promise((resolve) => other.close(resolve));
  return port;
}

describe("a run on a server", () => {
  test("gives the files, the report and the exit code of a local run, and nothing in the local store", async () => {
    const { address } = await server();
    const local = await program(["run", ...SMALL, "--out", "local.gif"], { cwd: folder, env: CLIENT });
    const remote = await run(address, ["--out", "remote.gif"]);
    expect([remote.code, remote.stdout]).toEqual([0, ""]);
    expect((await readFile(at("remote.gif"))).equals(await readFile(at("local.gif")))).toBe(true);
    const [ours, theirs] = [await json("local.json"), await json("remote.json")];
    expect(Object.keys(theirs)).toEqual(Object.keys(ours));
    for (const key of ["gif_data", "gif_bytestream", "file_size_bytes", "frame_count"])
      expect(theirs[key]).toEqual(ours[key]);
    expect(theirs.run.settingsHash).toBe(ours.run.settingsHash);
    for (const section of ["Answer", "Stages", "Machine"]) expect(remote.stderr).toContain(section);
    expect(remote.stderr).toMatch(/^GIF +remote\.gif /m);
    expect(remote.stderr).toContain(`volumark run --server ${address} `);
    expect(remote.stderr).toMatch(/Kept on the server as [0-9a-f]{8}: /);
    expect(local.stderr).toContain("Stored as");
    const stored = await program(["runs", "list", "--json"], { cwd: folder, env: CLIENT });
    expect(JSON.parse(stored.stdout)).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("takes parameters, and one's own scene as data", async () => {
    const { address } = await server();
    const changes = ["--torus-altitude", "-0.2"];
    const presets = await program(["presets", "--json"], { cwd: folder });
    const scene = JSON.parse(presets.stdout).find(({ name }: { name: string }) => name === "gyroid");
    await writeFile(at("mine.json"), JSON.stringify({ ...scene, name: "mine" }));
    for (const [name, words] of [
      ["a", changes],
      ["b", ["--scene", "mine.json"]],
    ] as const) {
      await program(["run", ...SMALL, ...words, "--out", `local-${name}.gif`, "--no-store"], {
        cwd: folder,
        env: CLIENT,
      });
      expect((await run(address, [...words, "--out", `remote-${name}.gif`])).code).toBe(0);
      expect((await readFile(at(`remote-${name}.gif`))).equals(await readFile(at(`local-${name}.gif`)))).toBe(true);
    }
  });

  test("--json and --gif-output are the same lines on standard output, and --quiet is silent beside them", async () => {
    const { address } = await server();
    const record = await run(address, ["--json", "--quiet", "--passes", "2", "--out", "a.gif"]);
    expect([record.code, record.stderr]).toEqual([0, ""]);
    expect(JSON.parse(record.stdout)).toEqual(await json("a.json"));
    const line = await run(address, ["--gif-output", "--quiet", "--out", "b.gif"]);
    expect(line.stdout).toMatch(/^GIF_OUTPUT:\{.*\}\n$/);
    expect(JSON.parse(line.stdout.slice("GIF_OUTPUT:".length))).toEqual(await json("b.json"));
  });

  const reason = terminalReason();
  test.skipIf(reason !== null)(
    reason === null
      ? "redraws the same progress line in a terminal"
      : `redraws a line in a terminal: skipped, ${reason}`,
    async () => {
      const { address } = await server([], { VOLUMARK_FAULT: "slow@150" });
      const { stdout } = await programInTerminal(["run", "--server", address, ...SMALL, "--out", "a.gif"], {
        cwd: folder,
        env: CLIENT,
      });
      expect(stdout).toMatch(/\r.*█.*░.* \d\/5 .* left .*field \d+ %/);
      expect(stdout).not.toContain("mistake");
    },
  );

  test("that fails says where and why, keeps what there is, and ends with 1", async () => {
    const { address } = await server([], { VOLUMARK_FAULT: "surface@3" });
    const { code, stderr } = await run(address, ["--out", "a.gif"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Frame 3 failed in the surface stage/m);
    expect((await json("a.json")).frame_count).toBe(3);
    expect(existsSync(at("a.gif"))).toBe(true);
  });

  test("says how many runs are before it, and goes on when the server has been away", async () => {
    const port = String(await freePort());
    const first = await server(["--port", port, "--grace", "0.1"], { VOLUMARK_FAULT: "slow@400" });
    const before = runBeginning(first.address, ["--out", "before.gif"]);
    await before.saying("Submitted as");
    const mine = runBeginning(first.address, ["--out", "mine.gif"]);
    await mine.saying(/Waiting: 1 run is before this one|Waiting for a worker/);
    await first.stop();
    await mine.saying(/(broke off|ended the connection|shutting down).* The run is kept there; trying again/);
    const again = await server(["--port", port]);
    const [one, two] = [await before.ended, await mine.ended];
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(two.stderr).toContain("The server is there again.");
    expect((await readFile(at("mine.gif"))).equals(await readFile(at("before.gif")))).toBe(true);
    const { runs } = await createClient({ baseUrl: again.address }).call("listRuns");
    expect(runs.map(({ status }) => status)).toEqual(["finished", "finished"]);
  }, 60_000);
});

describe("Ctrl-C", () => {
  test("stops the run there after the frames that are being made, and fetches what there is: 130", async () => {
    const { address } = await server([], { VOLUMARK_FAULT: "slow@300" });
    const mine = runBeginning(address, ["--out", "a.gif"]);
    await mine.saying(/[1-4]\/5 frames/);
    mine.child.kill("SIGINT");
    const { code, stderr } = await mine.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping run");
    const { frame_count } = await json("a.json");
    expect(frame_count).toBeGreaterThan(0);
    expect(frame_count).toBeLessThan(5);
    const view = await createClient({ baseUrl: address }).call("getRun", { params: { id: submitted(mine) } });
    expect(view.status).toBe("cancelled");
  });

  test("takes a run that waits out of the queue, leaves no file, and ends with 130", async () => {
    const { address } = await server(["--no-worker"]);
    const mine = runBeginning(address, ["--out", "a.gif", "--machine", "bench-2"]);
    await mine.saying("Waiting for a worker of bench-2: the next one that is free takes this run");
    mine.child.kill("SIGINT");
    const { code, stderr } = await mine.ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining("Cancelled before a frame was made")]);
    expect(await readdir(folder)).toEqual(["data"]);
  });

  test("a run that somebody deletes meanwhile is said to be gone, and not to be kept", async () => {
    const { address } = await server(["--no-worker"]);
    const mine = runBeginning(address, ["--out", "a.gif", "--machine", "bench-2"]);
    await mine.saying("Waiting for a worker of bench-2");
    const id = submitted(mine);
    await createClient({ baseUrl: address }).call("deleteRun", { params: { id } });
    const { code, stderr } = await mine.ended;
    expect([code, stderr.trimEnd().split("\n").at(-1)]).toEqual([
      1,
      `The run ${id} was deleted on the server meanwhile; there is nothing to fetch.`,
    ]);
    expect(await readdir(folder)).toEqual(["data"]);
  });

  test("a second one ends here at once and says where the run is", async () => {
    const { address } = await server([], { VOLUMARK_FAULT: "slow@5000" });
    const mine = runBeginning(address, ["--out", "a.gif"]);
    await mine.saying("Submitted as");
    await new Promise((resolve) => setTimeout(resolve, 500));
    mine.child.kill("SIGINT");
    await mine.saying("Stopping run");
    mine.child.kill("SIGINT");
    const { code, stderr } = await mine.ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining(`is at ${address}/runs/${submitted(mine)}`)]);
  });
});

describe("what is wrong", () => {
  test("nobody at the address: one sentence, and no file", async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await run(`127.0.0.1:${port}`, ["--quiet"]);
    expect([code, stdout, stderr]).toEqual([
      1,
      "",
      `reach http://127.0.0.1:${port}: nobody listens there (ECONNREFUSED). Start the server with volumark serve, or correct the address and its port.\n`,
    ]);
    expect(await readdir(at("out"))).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ["ftp://x y", [], "--server must be an address such as http://127.0.0.1:8440"],
    ["http://me:pass@x", [], "--server must be an address without a name, a password"],
    ["", [], "--server must be an address"],
    ["x", ["--volume", "scan.nrrd"], "--volume is a file of this machine, which is not sent to a server"],
    ["x", ["--key", "a b"], "--key must be a key as volumark keys add prints it"],
    ["x", ["--machine", ""], "--machine must be a label"],
    ["x", ["--no-store"], "--no-store is for a run here"],
    ["x", ["--dimension", "1"], "--dimension must be a whole number"],
    ["x", ["--out", "film.mp4"], "--out must be a folder or a path ending in .gif"],
  ])("--server %j %j", async (address, words, sentence) => {
    const { code, stdout, stderr } = await program(["run", `--server=${address}`, ...words], {
      cwd: folder,
      env: CLIENT,
    });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("--key and --machine without a server, --server with bench", async () => {
    for (const words of [
      ["run", "--key", "k"],
      ["run", "--machine", "m"],
      ["bench", "--server", "x"],
    ])
      expect((await program(words, { cwd: folder, env: CLIENT })).code).toBe(2);
  });

  test("a server that asks for a key, and one whose limits are lower", async () => {
    const made = await program(["keys", "add", "--name", "ci", "--scope", "run", "--data", "data"], { cwd: folder });
    const { address } = await server(["--require-keys", "--most-frames", "5"]);
    const refused = await run(address);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/key/i)]);
    expect((await run(address, ["--out", "a.gif"], { VOLUMARK_KEY: made.stdout.trim() })).code).toBe(0);
    const more = await run(address, ["--frames", "6", "--key", made.stdout.trim()]);
    expect([more.code, more.stderr]).toEqual([2, expect.stringMatching(/6.*5|5.*6/)]);
  });
});
