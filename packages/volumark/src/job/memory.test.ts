import { expect, test } from "vitest";
import { lanesThatFit, memoryLimit, memoryRefusal } from "./memory.ts";

const GIB = 1024 ** 3;
const machine = { bytes: 8 * GIB, source: "this machine" } as const;

test("the smaller of machine and control group counts", () => {
  expect(memoryLimit(8 * GIB, 2 * GIB)).toEqual({ bytes: 2 * GIB, source: "this control group" });
  expect(memoryLimit(8 * GIB, 0)).toEqual(machine);
  expect(memoryLimit(8 * GIB, 2 ** 63)).toEqual(machine);
});

test("a run that fits is not refused, one byte more is", () => {
  const own = 96 * 1024 ** 2;
  expect(memoryRefusal(2, (8 * GIB - own) / 2, { ...machine })).toBeNull();
  expect(memoryRefusal(2, (8 * GIB - own) / 2 + 1, { ...machine })).not.toBeNull();
});

test("the refusal holds both figures and what to change", () => {
  expect(memoryRefusal(4, 3 * GIB, machine)).toBe(
    "This run needs about 13.0 GB (4 lanes) and this machine has 8.6 GB; choose fewer --lanes or a smaller --dimension or --resolution.",
  );
  expect(memoryRefusal(1, 5 * GIB, machine)).toBe(
    "This run needs about 5.4 GB a lane and a lane can have 4.3 GB; choose a smaller --dimension or --resolution.",
  );
});

test("lanes that nobody asked for are as many as fit, and at least one", () => {
  expect(lanesThatFit(8, 3 * GIB, machine)).toBe(2);
  expect(lanesThatFit(8, 1, machine)).toBe(8);
  expect(lanesThatFit(8, 100 * GIB, machine)).toBe(1);
});
