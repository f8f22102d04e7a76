import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideRetention, hasPolicy, type KeepPolicy, type KeptItem } from "./retention.ts";

const DAY = 86_400_000;
const NOW = 1000 * DAY;
const ALL: KeepPolicy = { days: null, runs: null, bytes: null };

const item = (id: string, ageDays: number, more: Partial<KeptItem> = {}): KeptItem => ({
  id,
  sinceMs: NOW - ageDays * DAY,
  bytes: 10,
  gif: null,
  protected: false,
  ...more,
});
const gone = (items: readonly KeptItem[], policy: Partial<KeepPolicy>) =>
  decideRetention(items, { ...ALL, ...policy }, NOW).remove.map(({ id }) => id);

describe("which runs go", () => {
  const three = [item("b", 2), item("c", 3), item("a", 1)];

  test("none where nothing is said", () => {
    expect(gone(three, {})).toEqual([]);
    expect(hasPolicy(ALL)).toBe(false);
    expect(hasPolicy({ ...ALL, runs: 0 })).toBe(true);
  });

  test("by age: exactly so old stays, a millisecond older goes", () => {
    expect(gone(three, { days: 2 })).toEqual(["c"]);
    expect(gone([item("x", 2, { sinceMs: NOW - 2 * DAY - 1 })], { days: 2 })).toEqual(["x"]);
  });

  test("by number: the oldest first", () => {
    expect(gone(three, { runs: 1 })).toEqual(["c", "b"]);
    expect(gone(three, { runs: 3 })).toEqual([]);
    expect(gone(three, { runs: 0 })).toEqual(["c", "b", "a"]);
  });

  test("by bytes: exactly full stays, and a small old one does not outlive a large newer one", () => {
    expect(gone(three, { bytes: 30 })).toEqual([]);
    expect(gone(three, { bytes: 29 })).toEqual(["c"]);
    expect(gone([item("new", 1), item("large", 2, { bytes: 100 }), item("small", 3)], { bytes: 50 })).toEqual([
      "small",
      "large",
    ]);
  });

  test("a run that refers to something stays, and counts", () => {
    const kept = item("c", 300, { protected: true });
    expect(gone([item("a", 1), item("b", 2), kept], { days: 1, runs: 2, bytes: 1000 })).toEqual(["b"]);
    expect(gone([item("a", 1), kept], { bytes: 15 })).toEqual(["a"]);
    expect(gone([kept], { days: 1, runs: 0, bytes: 0 })).toEqual([]);
  });

  test("a GIF that two runs share counts once and is freed with the last", () => {
    const gif = { hash: "h", bytes: 1000 };
    const shared = [item("a", 1, { gif }), item("b", 2, { gif }), item("c", 3, { gif })];
    expect(decideRetention(shared, { ...ALL, bytes: 1020 }, NOW)).toMatchObject({ keptBytes: 1020, freedBytes: 10 });
    expect(decideRetention(shared, { ...ALL, runs: 0 }, NOW)).toMatchObject({ keptBytes: 0, freedBytes: 1030 });
  });
});

test("whatever the runs and the policy: nothing protected goes, nothing that stays is older than what goes, and bytes add up", () => {
  const anyItem = fc.record({
    id: fc.uuid(),
    sinceMs: fc.integer({ min: 0, max: NOW }),
    bytes: fc.integer({ min: 0, max: 1000 }),
    gif: fc.option(fc.record({ hash: fc.constantFrom("p", "q", "r"), bytes: fc.constant(500) })),
    protected: fc.boolean(),
  });
  const bound = (max: number) => fc.option(fc.integer({ min: 0, max }));
  const policies = fc.record({ days: bound(1000), runs: bound(20), bytes: bound(10_000) });
  fc.assert(
    fc.property(fc.uniqueArray(anyItem, { selector: ({ id }) => id, maxLength: 20 }), policies, (items, policy) => {
      const { remove, freedBytes, keptBytes } = decideRetention(items, policy, NOW);
      const stays = items.filter((one) => !remove.includes(one));
      expect(remove.some((one) => one.protected)).toBe(false);
      const free = stays.filter((one) => !one.protected);
      for (const one of remove) for (const other of free) expect(one.sinceMs).toBeLessThanOrEqual(other.sinceMs);
      const size = (of: readonly KeptItem[]) =>
        of.reduce((sum, { bytes }) => sum + bytes, 0) +
        500 * new Set(of.flatMap(({ gif }) => (gif ? [gif.hash] : []))).size;
      expect([keptBytes, freedBytes]).toEqual([size(stays), size(items) - size(stays)]);
      if (policy.runs !== null && free.length > 0) expect(stays.length).toBeLessThanOrEqual(policy.runs);
      if (policy.bytes !== null && free.length > 0) expect(keptBytes).toBeLessThanOrEqual(policy.bytes);
    }),
    { seed: 7, numRuns: 300 },
  );
});
