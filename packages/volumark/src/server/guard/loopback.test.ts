/** Which addresses only this machine can reach. */
import { expect, test } from "vitest";
import { isLoopback, refuseUnsafeAddress } from "./loopback.ts";

test.each(["127.0.0.1", "127.0.0.2", "127.255.255.255", "::1", "[::1]", "localhost", "LOCALHOST", "0:0:0:0:0:0:0:1"])(
  "%s is the loopback, and needs no key",
  (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(refuseUnsafeAddress(host, false)).toBeNull();
  },
);

test.each(["0.0.0.0", "::", "[::]", "192.168.1.5", "128.0.0.1", "126.255.255.255", "::2", "localhost.evil", "", "127"])(
  "%s is not, and is refused while there is no key",
  (host) => {
    expect(isLoopback(host)).toBe(false);
    expect(refuseUnsafeAddress(host, true)).toBeNull();
    expect(refuseUnsafeAddress(host, false)).toMatch(/there is no key.*volumark keys add/);
  },
);
