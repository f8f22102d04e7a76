/** The exports of `kernels/gif.ts`; pointers are byte offsets into the arena. */
export interface GifKernels {
  prepareCache(cache: number, palette: number, groups: number): void;
  indexPixels(pixels: number, count: number, cache: number, palette: number, groups: number, out: number): void;
  difference(a: number, b: number, width: number, height: number, out: number): void;
  gather(
    indices: number,
    previous: number,
    stride: number,
    width: number,
    height: number,
    transparent: number,
    symbols: number,
    alternatives: number,
  ): void;
  compress(
    symbols: number,
    alternatives: number,
    count: number,
    codeSize: number,
    table: number,
    scratch: number,
    out: number,
    limit: number,
  ): number;
  countPixels(pixels: number, count: number, table: number, mask: number, used: number, done: number): number;
}
