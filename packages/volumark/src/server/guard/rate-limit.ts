/**
 * Token buckets: everybody has so many tokens, they grow back evenly, and a request costs some.
 *
 * Bounded: beyond `mostBuckets` the one that has been idle for the longest is forgotten, which gives it its tokens back.
 */
import { isIPv6 } from "node:net";

export interface Buckets {
  /** Takes tokens; 0 where there were enough, else ms until there will be, and nothing is taken. */
  take(who: string, tokens: number): number;
  /** Takes what there is of so many tokens. */
  charge(who: string, tokens: number): void;
}

const MOST_BUCKETS = 10_000;

/** `perMinute`: tokens that a full bucket has and that grow back in a minute. */
export function openBuckets(
  perMinute: number,
  monotonicMs: () => number = () => performance.now(),
  mostBuckets: number = MOST_BUCKETS,
): Buckets {
  const perMs = perMinute / 60_000;
  // The order of a Map is that of insertion: who was here last is put in last.
  const buckets = new Map<string, { tokens: number; at: number }>();

  function bucketOf(who: string): { tokens: number; at: number } {
    const now = monotonicMs();
    const found = buckets.get(who);
    const bucket = found ?? { tokens: perMinute, at: now };
    bucket.tokens = Math.min(perMinute, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    if (found) buckets.delete(who);
    const [oldest] = buckets.keys();
    if (buckets.size >= mostBuckets && oldest !== undefined) buckets.delete(oldest);
    buckets.set(who, bucket);
    return bucket;
  }

  return {
    take(who, wanted) {
      const tokens = Math.min(wanted, perMinute);
      const bucket = bucketOf(who);
      if (bucket.tokens < tokens) return Math.ceil((tokens - bucket.tokens) / perMs);
      bucket.tokens -= tokens;
      return 0;
    },
    charge(who, tokens) {
      const bucket = bucketOf(who);
      bucket.tokens = Math.max(0, bucket.tokens - tokens);
    },
  };
}

/** Whose bucket an address is: of IPv6 the network of 64 bits, since whoever has one address of it has them all. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const rest = tail === "" ? [] : tail.split(":");
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0"), ...rest);
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}
