import type { Stage } from "@volumark/engine";
import { expect, test } from "vitest";
import { draggingClock } from "./drag.ts";

/** Stages of 1000 ns each, on a clock that moves on by 1 ns a reading. */
function stagesWith(drag: { stage: Stage; share: number }): Record<string, number> {
  let time = 0;
  const clock = draggingClock(() => ++time, drag);
  const took: Record<string, number> = {};
  clock.now();
  for (const stage of ["field", "surface", "encode"] as const) {
    clock.enter(stage);
    const begin = clock.now();
    time += 999;
    took[stage] = clock.now() - begin;
  }
  return took;
}

test("the dragged stage takes its share longer, to the nanosecond, and no other does", () => {
  expect(stagesWith({ stage: "surface", share: 0.05 })).toEqual({ field: 1000, surface: 1050, encode: 1000 });
  expect(stagesWith({ stage: "encode", share: 1 })).toEqual({ field: 1000, surface: 1000, encode: 2000 });
  expect(stagesWith({ stage: "field", share: 0 })).toEqual({ field: 1000, surface: 1000, encode: 1000 });
});
