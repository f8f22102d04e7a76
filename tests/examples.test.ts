/** The examples do what their first lines say. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const HOST = fileURLToPath(new URL("../examples/host.mjs", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "volumark-host-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the host without its folders says what to give", () => {
  const { status, stderr } = spawnSync(process.execPath, [HOST, folder], { encoding: "utf8" });
  expect([status, stderr]).toEqual([2, "Give two folders: node examples/host.mjs JOBS RESULTS\n"]);
});

test("the host of another queue makes each job, keeps what failed had, and tells what was refused", () => {
  const [jobs, results] = [join(folder, "jobs"), join(folder, "results")];
  mkdirSync(jobs);
  const job = (name: string, options: object) => writeFileSync(join(jobs, `${name}.json`), JSON.stringify(options));
  const small = { dimension: "12", resolution: "48x36", frames: "4", lanes: "1" };
  job("a", small);
  job("b", { ...small, preset: "gyroid", frames: "3" });
  job("c", { ...small, dimension: "1" });
  const { status, stdout, stderr } = spawnSync(process.execPath, [HOST, jobs, results], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toBe("a: done, 4 frames\nb: done, 3 frames\nc: refused, 0 frames\n");
  expect(readdirSync(results).sort()).toEqual([
    "a.gif",
    "a.json",
    "a.result",
    "b.gif",
    "b.json",
    "b.result",
    "c.result",
  ]);
  const record = JSON.parse(readFileSync(join(results, "a.json"), "utf8"));
  const gif = readFileSync(join(results, "a.gif"));
  expect(createHash("sha256").update(gif).digest("hex")).toBe(record.run.outputHash);
  expect(JSON.parse(readFileSync(join(results, "a.result"), "utf8"))).toEqual({
    id: "a",
    state: "done",
    code: 0,
    frames: 4,
    gif: "a.gif",
    said: "",
  });
  const refused = JSON.parse(readFileSync(join(results, "c.result"), "utf8"));
  expect(refused).toMatchObject({ state: "refused", code: 2, said: expect.stringContaining("--dimension must be") });
});

test("a job that fails half way is stored with the frames that were finished", () => {
  const [jobs, results] = [join(folder, "jobs"), join(folder, "results")];
  mkdirSync(jobs);
  writeFileSync(
    join(jobs, "a.json"),
    JSON.stringify({ dimension: "12", resolution: "48x36", frames: "5", lanes: "1" }),
  );
  const env = { ...process.env, VOLUMARK_FAULT: "surface@3" };
  expect(spawnSync(process.execPath, [HOST, jobs, results], { env, encoding: "utf8" }).stdout).toBe(
    "a: failed, 3 frames\n",
  );
  expect(JSON.parse(readFileSync(join(results, "a.result"), "utf8"))).toMatchObject({ code: 1, gif: "a.gif" });
});
