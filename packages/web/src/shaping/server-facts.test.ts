import { describe, expect, test } from "vitest";
import { type ServerSystem, serverAdvice, serverFacts } from "./server-facts.ts";

const SYSTEM: ServerSystem = {
  version: "0.1.0",
  commit: null,
  node: "v20.20.2",
  platform: "linux x64",
  cpu: "Some Processor",
  cores: 2,
  memoryBytes: 25e9,
  freeMemoryBytes: null,
  freeDiskBytes: 1e9,
  database: "sqlite",
  lanes: null,
  worker: null,
  queue: { queued: 1, running: 0, finished: 2, failed: 0, cancelled: 0, limit: 100 },
  limits: { frames: 10_000, bodyBytes: 1e6, mostStreams: 2000 },
  uptimeMs: 65_000,
  environment: [
    { name: "cpu.governor", value: "powersave", reason: null },
    { name: "cpu.turbo", value: null, reason: "no such file" },
    { name: "cpu.load1", value: "2.5", reason: null },
  ],
};

describe("the server's machine", () => {
  test("everything has a value or a reason", () => {
    const groups = serverFacts(SYSTEM);
    const all = groups.flatMap(({ facts, missing }) => [
      ...facts.map(({ value }) => value),
      ...missing.map(({ reason }) => reason),
    ]);
    for (const text of all) expect(text).not.toBe("");
    const cpu = groups.find(({ name }) => name === "cpu")!;
    expect(cpu.missing).toEqual([{ name: "turbo", reason: "no such file" }]);
    expect(groups.find(({ name }) => name === "limits of a run")!.facts).toContainEqual({
      name: "bodyBytes",
      value: "1.00 MB",
      source: null,
    });
    // Streams are counted; they are no milliseconds.
    expect(groups.flatMap(({ facts }) => facts).find(({ name }) => name === "mostStreams")!.value).toBe("2 000");
  });

  test("a governor that follows the load and a load without a run are named, a quiet machine is not blamed", () => {
    expect(serverAdvice(SYSTEM).map(({ code }) => code)).toEqual(["governor", "load"]);
    const quiet = { ...SYSTEM, environment: [{ name: "cpu.governor", value: "performance", reason: null }] };
    expect(serverAdvice(quiet)).toEqual([]);
    expect(serverAdvice({ ...quiet, lanes: 4 }).map(({ code }) => code)).toEqual(["lanes"]);
  });
});
