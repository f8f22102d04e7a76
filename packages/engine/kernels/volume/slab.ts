/**
 * What lets a volume be extracted slab by slab: a slab is closed above its last layer of bricks, so that the extraction
 * finds every neighbour, and its vertices are numbered after those of the slabs before (src/volume/extract.ts).
 */

/** Repeats the lowest slice of each brick upwards with the sign of the outside: the surface is closed above it. */
export function seal(samples: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    for (let at: usize = 0; at < 256; at += 16) {
      const outside = f32x4.abs(v128.load(samples + at));
      for (let z: usize = 1; z < 8; z++) v128.store(samples + at + 256 * z, outside);
    }
    samples += 2048;
  }
}

/** Adds `base` to `count` numbers of 32 bits. */
export function shift(numbers: usize, count: i32, base: u32): void {
  const add = i32x4.splat(base);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(numbers, i32x4.add(v128.load(numbers), add));
    numbers += 16;
  }
  for (; i < count; i++) {
    store<u32>(numbers, load<u32>(numbers) + base);
    numbers += 4;
  }
}
