/** Which addresses only this machine can reach, and what must be true before the server listens on any other. */
import { BlockList, isIP } from "node:net";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether a host to listen on is the loopback; a name other than localhost is not taken to be. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  if (address.toLowerCase() === "localhost") return true;
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** The sentence that refuses to listen on an address that others reach while nobody has a key; null where all is well. */
export function refuseUnsafeAddress(host: string, hasKeys: boolean): string | null {
  if (hasKeys || isLoopback(host)) return null;
  return `listen on ${host}: others can reach this address, and there is no key, so everybody could do everything. Make one with "volumark keys add --name NAME --scope run", or listen on 127.0.0.1.`;
}

export class UnsafeAddressError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "UnsafeAddressError";
  }
}
