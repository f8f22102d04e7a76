import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunView } from "volumark/api";
import { COLUMN_NAMES, PAGE_ROWS, type RunRow, runRow, shapeRows } from "./run-row.ts";
import { MOST_CHOSEN, readRunsAddress, toggled, writeRunsAddress } from "./runs-search.ts";

const RUN: RunView = {
  id: "r-1",
  kind: "job",
  status: "queued",
  scene: "seed",
  settings: null,
  settingsHash: null,
  options: {},
  machine: null,
  worker: null,
  submittedAt: "2026-11-24T10:00:00Z",
  startedAt: null,
  endedAt: null,
  durationMs: null,
  attempts: 0,
  mostAttempts: 3,
  done: 0,
  frames: 30,
  position: 2,
  cancelAsked: false,
  reason: null,
  lastEvent: 1,
  result: null,
};
const row = (fields: Partial<RunRow>): RunRow => ({ ...runRow(RUN), ...fields });
const asked = { text: "", status: null, sort: "time", descending: true, page: 0 } as const;

describe("rows of the list", () => {
  test("a hostile scene name stays one harmless line", () => {
    const { scene } = runRow({ ...RUN, scene: `\u202e<img src=x onerror=alert(1)>\n${"x".repeat(999)}` });
    expect(scene.startsWith("\ufffd<img")).toBe(true);
    expect(scene.length).toBeLessThan(90);
    expect(scene).not.toMatch(/[\n\u202e]/);
  });

  test("what is not known comes last in both orders", () => {
    const rows = [3, null, 1, 2, null].map((totalNs, i) => row({ id: `r${i}`, totalNs }));
    const order = (descending: boolean) =>
      shapeRows(rows, { ...asked, sort: "total", descending }).rows.map(({ totalNs }) => totalNs);
    expect(order(false)).toEqual([1, 2, 3, null, null]);
    expect(order(true)).toEqual([3, 2, 1, null, null]);
  });

  test("every word of the filter must occur, and a status is exact", () => {
    const rows = [
      row({ id: "a", searched: "seed\nfinished\nxeon" }),
      row({ id: "b", searched: "gyroid\nfailed\nxeon", status: "failed" }),
    ];
    const ids = (text: string, status: RunRow["status"] | null = null) =>
      shapeRows(rows, { ...asked, text, status }).rows.map(({ id }) => id);
    expect(ids("xeon")).toEqual(["a", "b"]);
    expect(ids(" XEON  gyr ")).toEqual(["b"]);
    expect(ids("", "failed")).toEqual(["b"]);
    expect(ids("nothing")).toEqual([]);
  });

  test("a page beyond the last shows the last, and pages hold every row once", () => {
    const rows = Array.from({ length: 2 * PAGE_ROWS + 1 }, (_, i) => row({ id: `r${i}`, at: i }));
    const pages = [0, 1, 2].map((page) => shapeRows(rows, { ...asked, page }));
    expect(pages.flatMap((page) => page.rows).map(({ id }) => id)).toEqual(rows.map(({ id }) => id).reverse());
    expect(shapeRows(rows, { ...asked, page: 99 })).toMatchObject({ page: 2, pages: 3, found: rows.length });
    expect(shapeRows([], asked)).toMatchObject({ page: 0, pages: 1, found: 0, rows: [] });
  });
});

describe("the address of the list", () => {
  test("what is written is read again, and the default list has an empty address", () => {
    expect(writeRunsAddress(readRunsAddress({}))).toEqual({});
    fc.assert(
      fc.property(
        fc.record({
          text: fc.string(),
          status: fc.constantFrom(null, "queued" as const, "failed" as const),
          sort: fc.constantFrom(...COLUMN_NAMES),
          descending: fc.boolean(),
          page: fc.nat(100),
          chosen: fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { maxLength: MOST_CHOSEN }),
          view: fc.constantFrom("list" as const, "history" as const),
        }),
        (address) => {
          expect(readRunsAddress(writeRunsAddress(address))).toEqual(address);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  test("nonsense is left out", () => {
    expect(readRunsAddress({ status: "on fire", sort: "color", page: -4, order: true, view: 7 })).toMatchObject({
      status: null,
      sort: "time",
      page: 0,
      view: "list",
    });
  });

  test("one too many pushes out the oldest but the baseline", () => {
    const full = Array.from({ length: MOST_CHOSEN }, (_, i) => `r${i}`);
    expect(toggled(full, "new")).toEqual(["r0", ...full.slice(2), "new"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  });
});
