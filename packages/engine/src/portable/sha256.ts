/**
 * SHA-256 (FIPS 180-4) in plain TypeScript, for hashes of scenes, settings and files on every host.
 *
 * The constants are derived as the standard defines them: leading 32 bits of the fractional parts of the square roots
 * of the first 8 primes and of the cube roots of the first 64.
 */

interface Tables {
  readonly start: Int32Array;
  readonly rounds: Int32Array;
}

let tables: Tables | undefined;

/** The SHA-256 of some bytes as 64 lower-case hexadecimal digits. Time grows with the length. */
export function sha256Hex(bytes: Uint8Array): string {
  tables ??= deriveTables();
  const state = tables.start.slice();
  const schedule = new Int32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) compress(state, schedule, tables.rounds, bytes, at);

  // The rest, a single 1 bit, zeros, and the length in bits as 64 bits, big end first: one block or two.
  const rest = bytes.length - whole;
  const tail = new Uint8Array(rest < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(tail.length - 4, (bytes.length * 8) % 2 ** 32);
  for (let at = 0; at < tail.length; at += 64) compress(state, schedule, tables.rounds, tail, at);

  let hex = "";
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, "0");
  return hex;
}

/** One block of 64 bytes at `at` into the state of 8 words. */
function compress(state: Int32Array, schedule: Int32Array, rounds: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++, at += 4) {
    schedule[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = schedule[i - 15];
    const y = schedule[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = (schedule[i - 16] + s0 + schedule[i - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const first = (h + s1 + choice + rounds[i] + schedule[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + s0 + majority) | 0;
  }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
  state[4] = (state[4] + e) | 0;
  state[5] = (state[5] + f) | 0;
  state[6] = (state[6] + g) | 0;
  state[7] = (state[7] + h) | 0;
}

function deriveTables(): Tables {
  const primes: bigint[] = [];
  for (let n = 2; primes.length < 64; n++) {
    if (primes.every((prime) => n % Number(prime) !== 0)) primes.push(BigInt(n));
  }
  const fraction = (root: bigint) => Number(BigInt.asIntN(32, root));
  return {
    start: Int32Array.from(primes.slice(0, 8), (prime) => fraction(floorRoot(prime << 64n, 2n))),
    rounds: Int32Array.from(primes, (prime) => fraction(floorRoot(prime << 96n, 3n))),
  };
}

/** Whole part of the `degree`-th root (2 or 3), by Newton's method from above. */
function floorRoot(value: bigint, degree: bigint): bigint {
  let root = 1n << 40n;
  for (;;) {
    const next = ((degree - 1n) * root + value / root ** (degree - 1n)) / degree;
    if (next >= root) return root;
    root = next;
  }
}
