import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildRecord, readRecord, recordJsonSchema, validateRecord } from "./index.ts";
import { TINY_RUN } from "./record/fixtures/facts.ts";

describe("the package", () => {
  test("reads and checks records through its lazy doors", async () => {
    const record = buildRecord(TINY_RUN);
    expect(await validateRecord(record)).toEqual({ valid: true });
    expect(await readRecord(JSON.stringify(record))).toEqual({ status: "record", record });
    expect(await recordJsonSchema()).toHaveProperty("properties.run");
  });

  test("nothing on the way to the first frame imports the schema library", () => {
    const seen = new Set<string>();
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      const source = readFileSync(new URL(path, import.meta.url), "utf8");
      expect(source, path).not.toMatch(/^(?:import|export)(?! type)[^;]*from "zod"/m);
      for (const [, target] of source.matchAll(/^(?:import|export)(?! type)[^;]*? from "(\.[^"]+)"/gm)) {
        visit(new URL(target!, new URL(path, import.meta.url)).href);
      }
    };
    visit(new URL("index.ts", import.meta.url).href);
    visit(new URL("node/index.ts", import.meta.url).href);
    expect(seen.size).toBeGreaterThan(15);
    expect([...seen].filter((path) => /schema\.ts|validate\.ts/.test(path))).toEqual([]);
  });

  test("the script that publishes the schema is valid JavaScript", () => {
    execFileSync(process.execPath, ["--check", new URL("../build-schema.mjs", import.meta.url).pathname]);
  });
});
