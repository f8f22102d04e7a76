import { afterEach, expect, test, vi } from "vitest";
import { GATHER_MS, GatheredLines } from "./gathered-lines.ts";

afterEach(() => vi.useRealTimers());

function gathered() {
  const written: string[] = [];
  return { written, lines: new GatheredLines({ write: (text) => written.push(text) }) };
}

test("lines of one moment are written together, in their order, and none twice", () => {
  vi.useFakeTimers();
  const { written, lines } = gathered();
  lines.write("a\n");
  lines.write("b\n");
  expect(written).toEqual([]);
  vi.advanceTimersByTime(GATHER_MS);
  expect(written).toEqual(["a\nb\n"]);
  lines.write("c\n");
  lines.close();
  vi.advanceTimersByTime(GATHER_MS * 2);
  expect(written).toEqual(["a\nb\n", "c\n"]);
});

test("many lines do not wait, so that no more than a bounded text is held", () => {
  vi.useFakeTimers();
  const { written, lines } = gathered();
  for (let i = 0; i < 40; i++) lines.write(`${"x".repeat(999)}\n`);
  expect(written).toHaveLength(1);
  expect(written[0]!.length).toBeLessThan(34_000);
  lines.close();
  expect(written.join("")).toHaveLength(40_000);
});

test("what is there when the process ends is written", () => {
  const { written, lines } = gathered();
  lines.write("last words\n");
  for (const listener of process.listeners("exit").slice(-1)) (listener as () => void)();
  expect(written).toEqual(["last words\n"]);
  lines.close();
});
