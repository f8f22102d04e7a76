import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnOf, columnsOver, extremesOf, furthestOf, greatestRows } from "./columns.ts";

describe("many frames in few columns", () => {
  test("one extreme frame of 100 000 is still there in 300 columns", () => {
    const values = new Float64Array(100_000).fill(10);
    values[77_777] = 1000;
    values[12_345] = 1;
    const columns = columnsOver(0, values.length, 300);
    expect(columns.count).toBe(300);
    const { least, most } = extremesOf(columns, values);
    expect(Math.max(...most)).toBe(1000);
    expect(Math.min(...least)).toBe(1);
    expect(most[columnOf(columns, 77_777)]).toBe(1000);
    expect(greatestRows(columns, values)[columnOf(columns, 77_777)]).toBe(77_777);
    const shown = furthestOf(columns, values, 10);
    expect(shown[columnOf(columns, 12_345)]).toBe(1);
    expect(shown[columnOf(columns, 77_777)]).toBe(1000);
  });

  test("every row lies in exactly one column, for any count of either", () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 1, max: 400 }), (first, rows, most) => {
        const columns = columnsOver(first, first + rows, most);
        expect(columns.count).toBe(Math.min(rows, most));
        expect(columns.from[0]).toBe(first);
        expect(columns.from[columns.count]).toBe(rows === 0 ? first : first + rows);
        for (let row = first; row < first + rows; row++) {
          const c = columnOf(columns, row);
          expect(columns.from[c]! <= row && row < columns.from[c + 1]!).toBe(true);
        }
        expect(columnOf(columns, first - 1)).toBe(-1);
        expect(columnOf(columns, first + rows)).toBe(-1);
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  test("what is not known stays unknown and hides nothing beside it", () => {
    const columns = columnsOver(0, 4, 2);
    const { least, most } = extremesOf(columns, [Number.NaN, 3, Number.NaN, Number.NaN]);
    expect([...least, ...most]).toEqual([3, Number.NaN, 3, Number.NaN]);
  });
});
