/**
 * Random numbers from a seed, the same on every machine: xoshiro128** by D. Blackman and S. Vigna, seeded by SplitMix32.
 *
 * "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47 (2021), doi:10.1145/3460772. Period 2^128 − 1, integer
 * arithmetic only. Not for secrets.
 */
export class SeededRandom {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;

  /** `seed`: an integer; its low 32 bits count. */
  constructor(seed: number) {
    let state = seed | 0;
    const split = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) | 0;
    };
    // SplitMix32 is a bijection of its counter, so four outputs in a row are never all zero.
    this.s0 = split();
    this.s1 = split();
    this.s2 = split();
    this.s3 = split();
  }

  /** A generator that continues from these four words; at least one of them isn't 0. */
  static fromState(s0: number, s1: number, s2: number, s3: number): SeededRandom {
    const random = new SeededRandom(0);
    random.s0 = s0 | 0;
    random.s1 = s1 | 0;
    random.s2 = s2 | 0;
    random.s3 = s3 | 0;
    return random;
  }

  /** A whole number from 0 to 2^32 − 1. */
  nextUint32(): number {
    const { s1 } = this;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    this.s2 ^= this.s0;
    this.s3 ^= s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= s1 << 9;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result >>> 0;
  }

  /** A whole number from 0 to `bound` − 1. `bound` from 1 to 2^20; the share of any number is right to 1 in 4096. */
  below(bound: number): number {
    // The product stays below 2^53, so it is exact.
    return Math.floor((this.nextUint32() * bound) / 0x1_0000_0000);
  }

  /** From 0 inclusive to 1 exclusive, in steps of 2^−32. */
  uniform(): number {
    return this.nextUint32() / 0x1_0000_0000;
  }
}
