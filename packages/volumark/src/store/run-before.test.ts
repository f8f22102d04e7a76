import { join } from "node:path";
import type { RunRecord } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { ownRecord, withFolder } from "./fixtures/stores.ts";
import { runBefore } from "./run-before.ts";
import { openStore } from "./store.ts";

/** Adds a run a minute, and asks for the one before the last. */
async function beforeTheLast(...changes: readonly ((record: RunRecord) => void)[]): Promise<string | null> {
  return withFolder(async (folder) => {
    const store = await openStore({ path: join(folder, "runs.db") });
    try {
      for (const [i, change] of changes.entries()) {
        const record = await ownRecord({ id: `run-${i}`, startedAt: `2026-11-24T10:0${i}:00.000Z` });
        change(record);
        await store.add(record);
      }
      return (await runBefore(store, `run-${changes.length - 1}`))?.id ?? null;
    } finally {
      await store.close();
    }
  });
}

const same = () => undefined;
const changed =
  (part: Partial<RunRecord["run"]>) =>
  ({ run }: RunRecord) =>
    void Object.assign(run, part);

describe("the run before", () => {
  test("is the newest of those alike, not the first, and never a later one", async () => {
    expect(await beforeTheLast(same, same, same)).toBe("run-1");
    expect(await beforeTheLast(same)).toBeNull();
    expect(await beforeTheLast(same, changed({ startedAt: "2026-11-24T11:00:00.000Z" }), same)).toBe("run-0");
  });

  test.each<[string, (record: RunRecord) => void]>([
    ["of other settings", changed({ settingsHash: "another" })],
    ["on other lanes", changed({ lanes: 7 })],
    ["of another back end", changed({ backend: "wasm" })],
    [
      "of another machine",
      ({ benchmark_data }) => void Object.assign(benchmark_data.system_info.cpu, { name: "another" }),
    ],
    ["that was stopped", changed({ stopped: { frame: 1, reason: "asked" } })],
  ])("one %s is passed over", async (_, change) => {
    expect(await beforeTheLast(same, change, same)).toBe("run-0");
    expect(await beforeTheLast(change, same)).toBeNull();
  });
});
