/** Buckets with a clock that the test turns. */
import { describe, expect, test } from "vitest";
import { networkOf, openBuckets } from "./rate-limit.ts";

function withClock(perMinute: number, mostBuckets?: number) {
  const clock = { ms: 0 };
  return { clock, buckets: openBuckets(perMinute, () => clock.ms, mostBuckets) };
}

describe("a bucket", () => {
  test("is full at first, says exactly when there will be enough again, and then there is", () => {
    const { clock, buckets } = withClock(60_000);
    expect(buckets.take("a", 60_000)).toBe(0);
    expect(buckets.take("a", 8)).toBe(8);
    clock.ms = 7.5;
    expect(buckets.take("a", 8)).toBe(1);
    clock.ms = 8;
    expect(buckets.take("a", 8)).toBe(0);
    expect(buckets.take("a", 8)).toBe(8);
  });

  test("never holds more than a minute's worth", () => {
    const { clock, buckets } = withClock(60);
    clock.ms = 1e12;
    expect(buckets.take("a", 60)).toBe(0);
    expect(buckets.take("a", 1)).toBeGreaterThan(0);
  });

  test("takes nothing where there is too little, and a charge takes what there is", () => {
    const { buckets } = withClock(60);
    buckets.charge("a", 55);
    expect(buckets.take("a", 10)).toBe(5000);
    expect(buckets.take("a", 5)).toBe(0);
    buckets.charge("b", 1000);
    expect(buckets.take("b", 1)).toBe(1000);
  });

  test("lets one request through that costs more than a full one holds", () => {
    const { buckets } = withClock(5);
    expect(buckets.take("a", 10)).toBe(0);
    expect(buckets.take("a", 10)).toBe(60_000);
  });

  test("belongs to one alone, and of too many the one that was idle the longest is forgotten", () => {
    const { buckets } = withClock(1, 3);
    for (const who of ["a", "b", "c"]) expect(buckets.take(who, 1)).toBe(0);
    expect(buckets.take("a", 1)).toBeGreaterThan(0);
    expect(buckets.take("d", 1)).toBe(0);
    expect(buckets.take("a", 1)).toBeGreaterThan(0);
    expect(buckets.take("c", 1)).toBeGreaterThan(0);
    expect(buckets.take("b", 1)).toBe(0);
  });
});

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("%s shares the bucket of %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
