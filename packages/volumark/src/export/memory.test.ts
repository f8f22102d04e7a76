import { PRESETS, type SceneSpec } from "@volumark/engine";
import { expect, test } from "vitest";
import { momentRefusal } from "./memory.ts";
import { makeMoment } from "./moment.ts";

const GIB = 1024 ** 3;
const machine = (bytes: number) => ({ bytes, source: "this machine" }) as const;
const moment = (dimension: number, size: { width: number; height: number } | null = null, time = 0.5) => ({
  scene: PRESETS[0] as SceneSpec,
  time,
  dimension,
  backend: "wasm" as const,
  form: { topology: "classic" as const, weld: false },
  size,
});

test("what fits is not refused, at any time there can be", () => {
  for (const time of [0, Number.MIN_VALUE, 0.5, 1e6]) {
    expect(momentRefusal(moment(32, null, time), machine(4 * GIB))).toBeNull();
    expect(momentRefusal(moment(512, { width: 512, height: 384 }, time), machine(4 * GIB))).toBeNull();
  }
});

test("what does not fit is refused with both figures and what would help", () => {
  expect(momentRefusal(moment(2048), machine(GIB))).toMatch(
    /^This mesh needs about [\d.]+ GB and this machine has 1\.1 GB; choose a smaller --dimension\.$/,
  );
  expect(momentRefusal(moment(64, { width: 4096, height: 4096 }), machine(GIB / 4))).toMatch(
    /^This frame needs about [\d.]+ MB and this machine has 268\.4 MB; choose a smaller --dimension or --resolution\.$/,
  );
});

test("more than kernel memory can be is refused on any machine", () => {
  const scene: SceneSpec = { ...moment(4).scene, root: { type: "gyroid", period: 0.05, thickness: 0.01 } };
  expect(momentRefusal({ ...moment(2048), scene }, machine(1024 * GIB))).toMatch(
    /^This mesh needs about [\d.]+ GB of kernel memory and there can be 4\.3 GB; choose a smaller --dimension\.$/,
  );
});

test("the estimate is no less than what is used", () => {
  const used = makeMoment(moment(256), 1).kernelBytes;
  const needed = (limit: number) =>
    Number(/about ([\d.]+) MB/.exec(momentRefusal(moment(256), machine(limit)) ?? "")?.[1]);
  expect(needed(1) * 1e6).toBeGreaterThan(used);
  expect(needed(1) * 1e6).toBeLessThan(10 * used + 128 * 1024 ** 2);
});
