import { describe, expect, test } from "vitest";
import type { FrameProgress } from "../../service/run-progress.ts";
import { axisTop, stageColumns, stageMedians } from "./stage-columns.ts";

const frame = (number: number, wallNs: number): FrameProgress => ({
  frame: number,
  lane: 0,
  wallNs,
  stageNs: { field: wallNs / 2, surface: wallNs / 4, picture: wallNs / 4, convert: 0, encode: 0, other: 0 },
  triangles: null,
});

describe("columns of the growing chart", () => {
  test("every frame has its place from the beginning, seen or not", () => {
    const { columns, framesPerColumn, mostNs } = stageColumns([frame(0, 10), frame(2, 30)], 5, 100);
    expect(columns.map((one) => one?.frame ?? null)).toEqual([0, null, 2, null, null]);
    expect([framesPerColumn, mostNs]).toEqual([1, 30]);
  });

  test("without room the slowest of each column stays, so that no outlier is lost", () => {
    const frames = Array.from({ length: 1000 }, (_, i) => frame(i, i === 437 ? 900 : 10 + (i % 7)));
    const { columns, framesPerColumn, mostNs } = stageColumns(frames, 1000, 100);
    expect([columns.length, framesPerColumn, mostNs]).toEqual([100, 10, 900]);
    expect(columns[43]).toMatchObject({ frame: 437, wallNs: 900 });
  });

  test("nothing seen is one empty place, and more frames than were told of are shown", () => {
    expect(stageColumns([], 0, 10).columns).toEqual([null]);
    expect(stageColumns([frame(7, 1)], 3, 100).columns).toHaveLength(8);
  });
});

test("medians are those of the frames seen, even and odd", () => {
  expect(stageMedians([])).toBeNull();
  expect(stageMedians([frame(0, 10), frame(1, 40), frame(2, 20)])?.field).toBe(10);
  expect(stageMedians([frame(0, 10), frame(1, 40)])?.field).toBe(12.5);
});

test.each([
  [0, 1],
  [1, 1],
  [1.1, 2],
  [3, 5],
  [5.01, 10],
  [7e6, 1e7],
])("above %d the axis ends at %d", (value, top) => {
  expect(axisTop(value)).toBe(top);
});
