// Kernels of the gif room (AssemblyScript): nearest colours, histogram, changed rectangle, LZW.
// Each emits exactly what its reference in src/gif does; pointers are byte offsets, nothing is allocated here.

// --- nearest palette colour ---------------------------------------------------------------------------------------
//
// The palette lies as 2 × 256 pairs of i16, (r, g) then (b, 0), so that two dot products give four squared distances.
// Entries after the last colour repeat colour 0: the lowest index wins a tie, so they are never chosen.
//
// The cache has 65536 words: (b << 24 | g << 16 | r << 8 | index), at a slot that the colour decides. Every word is a
// true answer at any time (all begin as the answer for black), so there is no mark for a free slot.

const BLUES: usize = 1024;
const COLOR: u32 = 0xffffff;

function cacheSlot(cache: usize, color: u32): usize {
  return cache + ((((color * 0x9e3779b1) >>> 16) as usize) << 2);
}

function nearest(palette: usize, groups: i32, color: u32): u32 {
  const rg = i32x4.splat(((color & 255) | ((color & 0xff00) << 8)) as i32);
  const b0 = i32x4.splat((color >>> 16) as i32);
  let index = i32x4(0, 1, 2, 3);
  let best = i32x4.splat(0x7fffffff);
  const end = palette + ((groups as usize) << 4);
  const four = i32x4.splat(4);
  for (let at = palette; at < end; at += 16) {
    const p = i16x8.sub(v128.load(at), rg);
    const q = i16x8.sub(v128.load(at, BLUES), b0);
    const distance = i32x4.add(i32x4.dot_i16x8_s(p, p), i32x4.dot_i16x8_s(q, q));
    // Distance above, index below: one minimum picks the nearest, and the lowest index among equals.
    best = i32x4.min_s(best, v128.or(i32x4.shl(distance, 8), index));
    index = i32x4.add(index, four);
  }
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = i32x4.min_s(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return (i32x4.extract_lane(best, 0) as u32) & 255;
}

/** Fills a cache of 65536 words for this palette of `groups` × 4 entries. */
export function prepareCache(cache: usize, palette: usize, groups: i32): void {
  const black = nearest(palette, groups, 0);
  for (let at = cache, end = cache + 262144; at < end; at += 4) store<u32>(at, black);
}

/** Writes the palette index of each of `count` RGBA pixels. */
export function indexPixels(pixels: usize, count: i32, cache: usize, palette: usize, groups: i32, out: usize): void {
  let color: u32 = 0;
  let index = nearest(palette, groups, 0);
  const mask = i32x4.splat(COLOR as i32);
  const end = out + (count as usize);
  const bulk = out + ((count as usize) & ~3);
  let run = i32x4.splat(0);
  while (out < end) {
    if (out < bulk && i32x4.all_true(i32x4.eq(v128.and(v128.load(pixels), mask), run))) {
      store<u32>(out, index * 0x01010101);
      out += 4;
      pixels += 16;
      continue;
    }
    const stop = out < bulk ? out + 4 : end;
    for (; out < stop; out++, pixels += 4) {
      const next = load<u32>(pixels) & COLOR;
      if (next != color) {
        color = next;
        const slot = cacheSlot(cache, color);
        const word = load<u32>(slot);
        if (word >>> 8 == color) {
          index = word & 255;
        } else {
          index = nearest(palette, groups, color);
          store<u32>(slot, (color << 8) | index);
        }
      }
      store<u8>(out, index);
    }
    run = i32x4.splat(color as i32);
  }
}

// --- changed rectangle --------------------------------------------------------------------------------------------

function differing(a: usize, b: usize): i32 {
  return i8x16.bitmask(i8x16.ne(v128.load(a), v128.load(b)));
}

/** Offset of the first differing byte in [0, count), or count. */
function firstDifference(a: usize, b: usize, count: usize): usize {
  let at: usize = 0;
  for (; at + 16 <= count; at += 16) {
    const bits = differing(a + at, b + at);
    if (bits) return at + (ctz(bits) as usize);
  }
  for (; at < count; at++) if (load<u8>(a + at) != load<u8>(b + at)) return at;
  return count;
}

/** Offset behind the last differing byte in [from, count), or from. */
function lastDifference(a: usize, b: usize, from: usize, count: usize): usize {
  let at = count;
  for (; at >= from + 16; at -= 16) {
    const bits = differing(a + at - 16, b + at - 16);
    if (bits) return at - 16 + 32 - (clz(bits) as usize);
  }
  for (; at > from; at--) if (load<u8>(a + at - 1) != load<u8>(b + at - 1)) return at;
  return from;
}

/** Writes left, top, width, height (i32) of the smallest rectangle that holds every difference. */
export function difference(a: usize, b: usize, width: i32, height: i32, out: usize): void {
  const row = width as usize;
  const count = row * (height as usize);
  const first = firstDifference(a, b, count);
  if (first == count) {
    v128.store(out, i32x4.splat(0));
    return;
  }
  const top = first / row;
  const bottom = (lastDifference(a, b, first, count) - 1) / row;
  let left = row;
  let right: usize = 0;
  for (let y = top; y <= bottom; y++) {
    const at = y * row;
    left = firstDifference(a + at, b + at, left);
    right = lastDifference(a + at, b + at, right, row);
  }
  store<i32>(out, left as i32);
  store<i32>(out, top as i32, 4);
  store<i32>(out, (right - left) as i32, 8);
  store<i32>(out, (bottom - top + 1) as i32, 12);
}

// --- what may be written for each pixel ---------------------------------------------------------------------------

/**
 * Copies a rectangle, row after row, to `symbols`; where `previous` is given, also to `alternatives`, with `transparent`
 * for every pixel that did not change.
 */
export function gather(
  indices: usize,
  previous: usize,
  stride: i32,
  width: i32,
  height: i32,
  transparent: i32,
  symbols: usize,
  alternatives: usize,
): void {
  const skip = (stride - width) as usize;
  const same = i8x16.splat(transparent as i8);
  for (let y = 0; y < height; y++) {
    const end = indices + (width as usize);
    if (previous == 0) {
      memory.copy(symbols, indices, width as usize);
      symbols += width as usize;
      indices = end + skip;
      continue;
    }
    for (; indices + 16 <= end; indices += 16, previous += 16, symbols += 16, alternatives += 16) {
      const now = v128.load(indices);
      v128.store(symbols, now);
      v128.store(alternatives, v128.bitselect(same, now, i8x16.eq(now, v128.load(previous))));
    }
    for (; indices < end; indices++, previous++, symbols++, alternatives++) {
      const now = load<u8>(indices);
      store<u8>(symbols, now);
      store<u8>(alternatives, now == load<u8>(previous) ? (transparent as u8) : now);
    }
    indices += skip;
    previous += skip;
  }
}

// --- LZW ----------------------------------------------------------------------------------------------------------
//
// Dictionary: 16384 words, open addressing, (parent code : 12 | symbol : 8 | code : 12). No string has code 0, so a word
// of 0 is a free slot; at most 3838 are used.

const SLOTS: usize = 16384;
const PATHS: i32 = 8;
const NONE: u32 = 0xffff;

function slotOf(key: u32): usize {
  return (((key * 0x9e3779b1) >>> 18) as usize) << 2;
}

/** The code of string `key >> 8` followed by symbol `key & 255`, or 0. */
function child(table: usize, key: u32): u32 {
  let slot = slotOf(key);
  let word = load<u32>(table + slot);
  while (word != 0 && word >>> 12 != key) {
    slot = (slot + 4) & (SLOTS * 4 - 4);
    word = load<u32>(table + slot);
  }
  return word & 4095;
}

function insert(table: usize, key: u32, code: u32): void {
  let slot = slotOf(key);
  while (load<u32>(table + slot) != 0) slot = (slot + 4) & (SLOTS * 4 - 4);
  store<u32>(table + slot, (key << 12) | code);
}

/** Extends every path in `scratch` by either symbol, in place, and returns how many there are then; 0 leaves them. */
function extend(table: usize, scratch: usize, paths: i32, symbol: u32, other: u32, last: u32, newest: u32): i32 {
  const to = scratch + 32;
  let longer = 0;
  for (let p = 0; p < paths; p++) {
    const path = load<u32>(scratch + ((p as usize) << 2));
    const root = path >>> 12;
    const code = path & 4095;
    const first = code == last && other == root ? newest : child(table, (code << 8) | other);
    if (first != 0 && longer < PATHS) store<u32>(to + ((longer++ as usize) << 2), (root << 12) | first);
    if (symbol == other) continue;
    const second = code == last && symbol == root ? newest : child(table, (code << 8) | symbol);
    if (second != 0 && longer < PATHS) store<u32>(to + ((longer++ as usize) << 2), (root << 12) | second);
  }
  if (longer != 0) {
    v128.store(scratch, v128.load(to));
    v128.store(scratch, v128.load(to, 16), 16);
  }
  return longer;
}

/**
 * Writes code size, sub-blocks and terminator; returns their length in bytes, or 0 as soon as it is `limit` or more.
 * `alternatives` may equal `symbols`. `table`: 65536 bytes. `scratch`: 64 bytes.
 */
export function compress(
  symbols: usize,
  alternatives: usize,
  count: i32,
  codeSize: i32,
  table: usize,
  scratch: usize,
  out: usize,
  limit: i32,
): i32 {
  const begin = out;
  const clear = (1 as u32) << codeSize;
  let bits = codeSize + 1;
  let next = clear + 2;
  let pending: u32 = clear;
  let pendingBits = bits;
  store<u8>(out, codeSize);
  let block = out + 1;
  out += 2;
  memory.fill(table, 0, SLOTS * 4);
  const end = symbols + (count as usize);
  const toAlternative = alternatives - symbols;
  // The newest entry, code next - 1, is string `last` and the first symbol of the coming string.
  let last: u32 = NONE;
  let at = symbols;
  const most = out - 2 + (limit as usize);
  while (at < end) {
    if (out >= most) return 0;
    // One path lives in `code` and `root`; more live in the scratch words, (root << 12 | code), while they last.
    let symbol: u32 = load<u8>(at);
    let other: u32 = load<u8>(at + toAlternative);
    let root = other;
    let code = other;
    let paths = 1;
    if (symbol != other) {
      store<u32>(scratch, other * 4097);
      store<u32>(scratch, symbol * 4097, 4);
      paths = 2;
    }
    at++;
    for (; at < end; at++) {
      symbol = load<u8>(at);
      other = load<u8>(at + toAlternative);
      if (paths == 1) {
        const first = code == last && other == root ? next - 1 : child(table, (code << 8) | other);
        if (symbol == other) {
          if (first == 0) break;
          code = first;
          continue;
        }
        const second = code == last && symbol == root ? next - 1 : child(table, (code << 8) | symbol);
        if (first != 0 && second != 0) {
          store<u32>(scratch, (root << 12) | first);
          store<u32>(scratch, (root << 12) | second, 4);
          paths = 2;
        } else {
          const only = first | second;
          if (only == 0) break;
          code = only;
        }
        continue;
      }
      const longer = extend(table, scratch, paths, symbol, other, last, next - 1);
      if (longer == 0) break;
      paths = longer;
      if (paths == 1) {
        root = load<u32>(scratch) >>> 12;
        code = load<u32>(scratch) & 4095;
      }
    }
    if (paths > 1) {
      root = load<u32>(scratch) >>> 12;
      code = load<u32>(scratch) & 4095;
    }
    for (; pendingBits >= 8; pendingBits -= 8, pending >>>= 8) {
      store<u8>(out++, pending);
      if (out - block > 255) {
        store<u8>(block, 255);
        block = out++;
      }
    }
    pending |= code << pendingBits;
    pendingBits += bits;
    if (last != NONE) insert(table, (last << 8) | root, next - 1);
    if (next == (1 as u32) << bits && bits < 12) bits++;
    last = code;
    if (next == 4095 && at < end) {
      for (; pendingBits >= 8; pendingBits -= 8, pending >>>= 8) {
        store<u8>(out++, pending);
        if (out - block > 255) {
          store<u8>(block, 255);
          block = out++;
        }
      }
      pending |= clear << pendingBits;
      pendingBits += bits;
      memory.fill(table, 0, SLOTS * 4);
      bits = codeSize + 1;
      next = clear + 1;
      last = NONE;
    }
    next++;
  }
  // At most 19 bits wait here, and the end code has at most 12 more.
  pending |= (clear + 1) << pendingBits;
  pendingBits += bits;
  for (; pendingBits > 0; pendingBits -= 8, pending >>>= 8) {
    store<u8>(out++, pending);
    if (out - block > 255) {
      store<u8>(block, 255);
      block = out++;
    }
  }
  const open = out - block - 1;
  store<u8>(block, open as u8);
  if (open > 0) store<u8>(out++, 0);
  return out < most ? ((out - begin) as i32) : 0;
}

// --- histogram ----------------------------------------------------------------------------------------------------
//
// Words in pairs: colour (b << 16 | g << 8 | r) with bit 31 set, or 0 for a free slot; then the number of its pixels.

function count1(table: usize, mask: u32, color: u32, run: u32): i32 {
  const key = color | 0x80000000;
  let slot = ((color * 0x9e3779b1) >>> 10) & mask;
  let at = table + ((slot as usize) << 3);
  while (load<u32>(at) != 0) {
    if (load<u32>(at) == key) {
      store<u32>(at, load<u32>(at, 4) + run, 4);
      return 0;
    }
    slot = (slot + 1) & mask;
    at = table + ((slot as usize) << 3);
  }
  store<u32>(at, key);
  store<u32>(at, run, 4);
  return 1;
}

/**
 * Adds pixels to a table of `mask + 1` pairs that holds `used` colours and returns how many it holds then. Stops early,
 * with the pixels that are done in `*done`, when the table is half full.
 */
export function countPixels(pixels: usize, count: i32, table: usize, mask: u32, used: i32, done: usize): i32 {
  const most = ((mask + 1) >>> 1) as i32;
  const begin = pixels;
  const end = pixels + ((count as usize) << 2);
  const colorMask = i32x4.splat(COLOR as i32);
  while (pixels < end && used < most) {
    const color = load<u32>(pixels) & COLOR;
    const from = pixels;
    pixels += 4;
    const run = i32x4.splat(color as i32);
    while (pixels + 16 <= end && i32x4.all_true(i32x4.eq(v128.and(v128.load(pixels), colorMask), run))) pixels += 16;
    while (pixels < end && (load<u32>(pixels) & COLOR) == color) pixels += 4;
    used += count1(table, mask, color, ((pixels - from) >>> 2) as u32);
  }
  store<u32>(done, ((pixels - begin) >>> 2) as u32);
  return used;
}
