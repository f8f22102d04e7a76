/**
 * Records of every version so far, kept as they were written: each is read, shown, stored and given back by this version.
 * `tests/records/make.mjs` made them.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  compareRuns,
  longCsv,
  type RunRecord,
  readRecord,
  reportHtml,
  reportText,
  traceEvents,
} from "@volumark/measure";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../packages/volumark/bin/volumark.mjs", import.meta.url));
const folder = fileURLToPath(new URL("records", import.meta.url));
const records = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "volumark-records-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

test("there are records of at least one version, of every kind", () => {
  const kinds = new Set(records.map((name) => name.replace(/^.*[/\\]/, "")));
  expect(kinds).toEqual(new Set(["once.json", "passes.json", "failed.json", "gyroid.json", "foreign.json"]));
});

describe.each(records)("%s", (name) => {
  const text = () => readFile(join(folder, name), "utf8");

  test("is read as what it is", async () => {
    const result = await readRecord(await text());
    expect(result.status).toBe(name.endsWith("foreign.json") ? "foreign" : "record");
  });

  test("comes out of the store as it went in, with keys that nobody knows", async () => {
    const record = JSON.parse(await text());
    record.xUnknown = { deep: [1, "two", null] };
    record.benchmark_data.xUnknown = 0.1;
    if (record.run) record.run.xUnknown = true;
    const file = join(data, "in.json");
    const out = join(data, "out.json");
    const env = { ...process.env, VOLUMARK_DATA: join(data, name.replace(/\W/g, "-")) };
    const volumark = (...words: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: "utf8" });
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      return stdout;
    };
    await writeFile(file, JSON.stringify(record));
    const [{ id }] = JSON.parse(volumark("import", file, "--json")) as [{ id: string }];
    volumark("runs", "export", id, "--out", out);
    expect(JSON.parse(await readFile(out, "utf8"))).toEqual(record);
  });

  test("is shown in every format", async () => {
    if (name.endsWith("foreign.json")) return;
    const record = JSON.parse(await text()) as RunRecord;
    expect(reportText(record, { width: 80 })).toContain(record.run.failure ? "Failed" : "Answer");
    expect(longCsv(record).split("\n").length).toBeGreaterThan(20);
    expect(JSON.parse(traceEvents(record)).traceEvents.length).toBeGreaterThan(10);
    expect(reportHtml(record, { gif: new Uint8Array(0) })).toContain("</html>");
    expect(compareRuns(record, record).sameWork).toBe("same");
  });
});
