/**
 * LZW as GIF has it: codes of 3 to 12 bits in sub-blocks of at most 255 bytes.
 *
 * Source: CompuServe, "GIF89a specification", 1990, appendix F, https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
 *
 * A pixel that did not change may be written as its colour or as "transparent". Instead of deciding per frame or per
 * pixel beforehand, the matcher takes either symbol at every such pixel and follows all paths through its dictionary at
 * once; the longest match wins, the one that began and went on with "transparent" among equals. Data of 30 shaded frames
 * of 512 × 384, two scenes, bytes:
 *
 * | unchanged pixels | scene A | scene B |
 * |---|---|---|
 * | keep their colour | 170 986 | 196 428 |
 * | all transparent | 156 637 | 149 397 |
 * | either, 1 path | 150 910 | 145 014 |
 * | either, up to 2 / 4 / 8 / 16 paths | 148 381 / 146 730 / 146 544 / 146 544 | 143 043 / 142 024 / 141 779 / 141 776 |
 *
 * On a ball that moves fast the choice costs 2 % instead, since shades that stay by chance interrupt rows that repeat; so
 * each frame is compressed both ways and the shorter stream kept. With up to 8 paths, 1.3 are alive at a pixel on average.
 *
 * The dictionary is cleared as soon as it is full: keeping a full one while it still matched well (ratio watched over 128
 * to 512 codes, unchanged pixels all transparent) gave from 0.02 % less to 0.6 % more bytes.
 */

/** Most paths followed at once; 16 gave at most 3 bytes in 140 000. */
export const LZW_PATHS = 8;

/** Most bytes `lzwCompress` can return for `pixelCount` pixels. */
export function lzwBound(pixelCount: number): number {
  // At worst one 12-bit code a pixel, a clear code for every 3838 entries, and the clear and end codes around them.
  const codes = pixelCount + Math.ceil(pixelCount / 3838) + 2;
  const bytes = Math.ceil((codes * 12) / 8);
  return bytes + Math.ceil(bytes / 255) + 2;
}

/** Bits a palette index needs, as the stream's first byte has it: 2 to 8. */
export function minimumCodeSize(colorCount: number): number {
  let bits = 2;
  while (1 << bits < colorCount) bits++;
  return bits;
}

/**
 * Compresses `symbols` to the image data of a GIF: code size, sub-blocks, terminator.
 *
 * `symbols`: at least one, each below `1 << codeSize`. `alternatives`, when given, has the same length; where it differs
 * from `symbols`, either of the two may be written. `codeSize` 2 to 8. Driven by `symbols.length`.
 * Reference of the kernel `compress`, which emits the same bytes.
 */
export function lzwCompress(symbols: Uint8Array, alternatives: Uint8Array | null, codeSize: number): Uint8Array {
  const clear = 1 << codeSize;
  const others = alternatives ?? symbols;
  const out = new BlockWriter(new Uint8Array(lzwBound(symbols.length)), codeSize);
  /** (code << 8 | symbol) → the code of that string. */
  const children = new Map<number, number>();
  let bits = codeSize + 1;
  let next = clear + 2;
  // The newest entry is the last string and the first symbol of the coming one: not known until that one is chosen.
  let last = -1;
  const childOf = (path: number, symbol: number): number | undefined => {
    const code = path & 4095;
    return code === last && symbol === path >> 12 ? next - 1 : children.get((code << 8) | symbol);
  };
  /** (first symbol << 12 | code) of each string that matches so far; all have the same length. */
  let paths: number[] = [];
  let longer: number[] = [];
  out.write(clear, bits);
  for (let i = 0; i < symbols.length; ) {
    paths.length = 0;
    for (const symbol of choices(others[i], symbols[i])) paths.push((symbol << 12) | symbol);
    for (i++; i < symbols.length; i++) {
      longer.length = 0;
      for (const path of paths) {
        for (const symbol of choices(others[i], symbols[i])) {
          const code = childOf(path, symbol);
          if (code !== undefined && longer.length < LZW_PATHS) longer.push((path & ~4095) | code);
        }
      }
      if (longer.length === 0) break;
      [paths, longer] = [longer, paths];
    }
    const first = paths[0] >> 12;
    const code = paths[0] & 4095;
    out.write(code, bits);
    if (last >= 0) children.set((last << 8) | first, next - 1);
    if (next === 1 << bits && bits < 12) bits++;
    last = code;
    if (next === 4095 && i < symbols.length) {
      out.write(clear, bits);
      children.clear();
      bits = codeSize + 1;
      next = clear + 1;
      last = -1;
    }
    next++;
  }
  out.write(clear + 1, bits);
  return out.finish();
}

function choices(other: number, symbol: number): readonly number[] {
  return other === symbol ? [symbol] : [other, symbol];
}

/** Packs codes, lowest bit first, into sub-blocks that begin with their length. */
class BlockWriter {
  readonly #bytes: Uint8Array;
  #pending = 0;
  #pendingBits = 0;
  /** Where the length of the open block belongs. */
  #block = 1;
  #at = 2;

  constructor(bytes: Uint8Array, codeSize: number) {
    this.#bytes = bytes;
    bytes[0] = codeSize;
  }

  write(code: number, bits: number): void {
    this.#pending |= code << this.#pendingBits;
    this.#pendingBits += bits;
    while (this.#pendingBits >= 8) {
      this.#put(this.#pending & 255);
      this.#pending >>>= 8;
      this.#pendingBits -= 8;
    }
  }

  finish(): Uint8Array {
    if (this.#pendingBits > 0) this.#put(this.#pending);
    const length = this.#at - this.#block - 1;
    this.#bytes[this.#block] = length;
    // An open block without bytes is itself the terminator.
    if (length > 0) this.#bytes[this.#at++] = 0;
    return this.#bytes.slice(0, this.#at);
  }

  #put(byte: number): void {
    this.#bytes[this.#at++] = byte;
    if (this.#at - this.#block <= 255) return;
    this.#bytes[this.#block] = 255;
    this.#block = this.#at++;
  }
}
