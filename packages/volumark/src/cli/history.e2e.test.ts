/** `volumark history` on a store of made-up runs whose steps are known. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunRecord } from "@volumark/measure";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../store/store.ts";
import { program } from "./fixtures/program.ts";

let data: string;
const history = (...words: string[]) => program(["history", ...words], { cwd: data, env: { VOLUMARK_DATA: data } });

/** Seven runs at 100 ms, then six at 120 ms, each a little off; one on another number of lanes, and one that failed. */
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "volumark-history-"));
  const example = JSON.parse(
    await readFile(new URL("../../../../tests/records/0.1.0/once.json", import.meta.url), "utf8"),
  ) as RunRecord;
  const store = await openStore({ path: join(data, "runs.db") });
  const add = (number: number, seconds: number, change: (record: RunRecord) => void = () => undefined) => {
    const record = structuredClone(example);
    record.run.id = `${String(number).padStart(8, "0")}-made-up`;
    record.run.startedAt = new Date(Date.UTC(2026, 10, 1 + number)).toISOString();
    record.benchmark_data.performance_metrics.total_time = seconds;
    change(record);
    return store.add(record);
  };
  for (let i = 0; i < 13; i++) await add(i, (i < 7 ? 0.1 : 0.12) * (1 + 0.002 * ((i * 3) % 5)));
  await add(20, 0.3, ({ run }) => {
    run.lanes += 7;
    run.startedAt = "2026-01-01T00:00:00Z";
  });
  await add(21, 0.01, (record) => {
    record.run.failure = { stage: "surface", frame: 0, message: "made up" };
    record.benchmark_data.error_occurred = true;
    record.error = "made up";
  });
  await store.close();
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe("history", () => {
  test("marks the step where it begins, with its size, and keeps unlike runs out", async () => {
    const { code, stdout } = await history("--no-color");
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.includes("step +"))).toEqual([
      expect.stringMatching(/^2026-11-08 .* 00000007 .*step \+(19|20)\.\d %$/),
    ]);
    expect(stdout).toContain("13 runs");
    expect(stdout).toContain("1 other group (--all-groups); 1 run left out");
    expect(stdout).toContain('volumark history --acknowledge 00000007 "reason" notes why');
  });

  test("a step that was acknowledged shows its reason and is not asked for again; an empty reason takes it back", async () => {
    expect((await history("--acknowledge", "00000007", "new compiler")).code).toBe(0);
    const { stdout } = await history("--no-color");
    expect(stdout).toContain("known: new compiler");
    expect(stdout).toContain("1 step, all acknowledged.");
    expect((await history("--acknowledge", "00000007", "")).code).toBe(0);
    expect((await history("--no-color")).stdout).toContain("1 not acknowledged");
  });

  test("gives the same as JSON, with the run that each step begins with", async () => {
    const { stdout } = await history("--json");
    const { runs, steps } = JSON.parse(stdout) as { runs: { ns: number }[]; steps: { index: number; id: string }[] };
    expect(runs).toHaveLength(13);
    expect(steps).toMatchObject([{ index: 7, id: "00000007-made-up" }]);
  });

  test("lists what can be compared with what", async () => {
    const { stdout } = await history("--all-groups", "--no-color");
    expect(stdout).toContain("13 runs");
    expect(stdout).toContain("1 run ");
  });

  test("shows only the last runs where that was asked for, and says so", async () => {
    const { stdout } = await history("--limit", "4", "--no-color");
    expect(stdout).toContain("9 older of 13 runs are not shown");
  });

  test.each([
    [["--stage", "lunch"], /^--stage must be total or frame or .* got "?lunch"?\n$/],
    [["--limit", "0"], /^--limit must be a whole number from 1 to 10000, got 0\n$/],
    [["why"], /^history takes a reason only with --acknowledge and the id of a run\n$/],
    [["--acknowledge", "00000007"], /^history --acknowledge needs a reason after the id/],
    [["--acknowledge", "ffff", "x"], /^store: there is no run ffff/],
  ])("%j ends with 2 and one sentence", async (words, sentence) => {
    const { code, stderr } = await history(...words);
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  });
});
