/**
 * The blocks of a GIF, read strictly: whatever the specification does not allow is refused, with the offset. Used by the
 * decoders, which put the frames together. Source: https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
 */
import { EngineError } from "../errors.ts";

/** What comes before the first frame. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly colors: Uint8Array | null;
}

export function readScreen(reader: Reader): Screen {
  const signature = String.fromCharCode(...reader.take(6));
  if (signature !== "GIF89a" && signature !== "GIF87a") throw reader.refuse("the signature is not GIF89a or GIF87a");
  const width = reader.u16();
  const height = reader.u16();
  if (width === 0 || height === 0) throw reader.refuse(`the screen is ${width}×${height}`);
  const packed = reader.u8();
  reader.take(2);
  return { width, height, colors: packed & 0x80 ? reader.take(3 << ((packed & 7) + 1)) : null };
}

export interface Control {
  readonly disposal: number;
  readonly delay: number;
  readonly transparent: number;
}

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads what follows the screen up to the end of the file. At each image descriptor `readFrame` is called with what was said
 * before it, and reads the image to its end.
 */
export function readBlocks(
  reader: Reader,
  readFrame: (control: Control | null) => void,
): { readonly loopCount: number | null } {
  let loopCount: number | null = null;
  let control: Control | null = null;
  for (;;) {
    const kind = reader.u8();
    if (kind === 0x3b) break;
    if (kind === 0x2c) {
      readFrame(control);
      control = null;
      continue;
    }
    if (kind !== 0x21) throw reader.refuse(`block 0x${kind.toString(16)} is not known`);
    const label = reader.u8();
    if (label === 0xf9) {
      if (control) throw reader.refuse("two graphic control extensions precede one frame");
      control = readControl(reader);
    } else if (label === 0xff) {
      loopCount = readApplication(reader) ?? loopCount;
    } else if (label === 0xfe) {
      reader.skipBlocks();
    } else {
      throw reader.refuse(`extension 0x${label.toString(16)} is not known`);
    }
  }
  if (control) throw reader.refuse("a graphic control extension has no frame");
  if (reader.rest > 0) throw reader.refuse(`${reader.rest} bytes follow the trailer`);
  return { loopCount };
}

function readControl(reader: Reader): Control {
  if (reader.u8() !== 4) throw reader.refuse("a graphic control extension is not 4 bytes long");
  const packed = reader.u8();
  const delay = reader.u16();
  const index = reader.u8();
  if (reader.u8() !== 0) throw reader.refuse("a graphic control extension does not end");
  const disposal = (packed >> 2) & 7;
  if (disposal > 3) throw reader.refuse(`disposal method ${disposal} is not defined`);
  return { disposal, delay, transparent: packed & 1 ? index : -1 };
}

/** The loop count of a looping extension, undefined for any other application. */
function readApplication(reader: Reader): number | undefined {
  if (reader.u8() !== 11) throw reader.refuse("an application extension does not begin with 11 bytes");
  const name = String.fromCharCode(...reader.take(11));
  const data = reader.blocks();
  if (name !== "NETSCAPE2.0") return undefined;
  if (data.length !== 3 || data[0] !== 1) throw reader.refuse("the looping extension is malformed");
  return data[1] | (data[2] << 8);
}

/** An image descriptor and its colours, up to the image data. */
export function readArea(
  reader: Reader,
  screenWidth: number,
  screenHeight: number,
  globalColors: Uint8Array | null,
): { area: Area; colors: Uint8Array; interlaced: boolean } {
  const left = reader.u16();
  const top = reader.u16();
  const width = reader.u16();
  const height = reader.u16();
  if (width === 0 || height === 0 || left + width > screenWidth || top + height > screenHeight) {
    throw reader.refuse(
      `a frame of ${width}×${height} at ${left}, ${top} does not fit the ${screenWidth}×${screenHeight} screen`,
    );
  }
  const packed = reader.u8();
  const colors = packed & 0x80 ? reader.take(3 << ((packed & 7) + 1)) : globalColors;
  if (!colors) throw reader.refuse("a frame has no colour table");
  return { area: { left, top, width, height }, colors, interlaced: (packed & 0x40) !== 0 };
}

export function readImage(
  reader: Reader,
  screen: Uint8Array,
  screenWidth: number,
  screenHeight: number,
  globalColors: Uint8Array | null,
  control: Control | null,
): Area {
  const { area, colors, interlaced } = readArea(reader, screenWidth, screenHeight, globalColors);
  const { left, top, width, height } = area;
  const pixels = new Uint8Array(width * height);
  decompress(reader, width * height, pixels);
  let row = 0;
  for (const y of interlaced ? interlacedRows(height) : plainRows(height)) {
    for (let x = 0; x < width; x++) {
      const index = pixels[row * width + x];
      if (index === control?.transparent) continue;
      if (index * 3 >= colors.length) throw reader.refuse(`index ${index} is not in the table of ${colors.length / 3}`);
      const at = ((top + y) * screenWidth + left + x) * 4;
      screen[at] = colors[index * 3];
      screen[at + 1] = colors[index * 3 + 1];
      screen[at + 2] = colors[index * 3 + 2];
      screen[at + 3] = 255;
    }
    row++;
  }
  return area;
}

/** Reads the image data of a frame, exactly `count` indices, into `out` where that is given. */
export function decompress(reader: Reader, count: number, out: Uint8Array | null): void {
  const codeSize = reader.u8();
  if (codeSize < 2 || codeSize > 8) throw reader.refuse(`the code size is ${codeSize}, not 2 to 8`);
  const data = reader.blocks();
  const clear = 1 << codeSize;
  const { parents, symbols, lengths } = reader.strings;
  for (let i = 0; i < clear; i++) {
    symbols[i] = i;
    lengths[i] = 1;
  }
  let written = 0;
  let bits = codeSize + 1;
  let next = clear + 2;
  let last = -1;
  let position = 0;
  for (;;) {
    if (position + bits > data.length * 8) throw reader.refuse("the image data has no end code");
    const code = readBits(data, position, bits);
    if (position === 0 && code !== clear) throw reader.refuse("the image data does not begin with a clear code");
    position += bits;
    if (code === clear) {
      bits = codeSize + 1;
      next = clear + 2;
      last = -1;
      continue;
    }
    if (code === clear + 1) break;
    if (code > next || (code === next && (last < 0 || next > 4095))) {
      throw reader.refuse(`code ${code} is not defined yet, ${next} is the next`);
    }
    // A code that is just being defined is the last string and its own first symbol.
    const known = code < next ? code : last;
    const length = lengths[known] + (code < next ? 0 : 1);
    if (written + length > count) throw reader.refuse(`the image data holds more than ${count} pixels`);
    if (out) {
      let at = written + lengths[known];
      let walk = known;
      while (lengths[walk] > 1) {
        out[--at] = symbols[walk];
        walk = parents[walk];
      }
      out[--at] = symbols[walk];
      const first = out[written];
      if (code === next) out[written + length - 1] = first;
      if (last >= 0 && next < 4096) {
        parents[next] = last;
        symbols[next] = first;
      }
    }
    written += length;
    if (last >= 0 && next < 4096) {
      lengths[next] = lengths[last] + 1;
      next++;
      if (next === 1 << bits && bits < 12) bits++;
    }
    last = code;
  }
  if (written !== count) throw reader.refuse(`the image data holds ${written} pixels and the frame ${count}`);
  if (data.length * 8 - position >= 8) throw reader.refuse("bytes follow the end code");
}

function readBits(data: Uint8Array, position: number, bits: number): number {
  const at = position >> 3;
  const word = data[at] | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16);
  return (word >> (position & 7)) & ((1 << bits) - 1);
}

function* plainRows(height: number): Generator<number> {
  for (let y = 0; y < height; y++) yield y;
}

function* interlacedRows(height: number): Generator<number> {
  const passes = [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ];
  for (const [first, step] of passes) for (let y = first; y < height; y += step) yield y;
}

export function clearArea(screen: Uint8Array, screenWidth: number, { left, top, width, height }: Area): void {
  for (let y = top; y < top + height; y++) {
    const from = (y * screenWidth + left) * 4;
    screen.fill(0, from, from + width * 4);
  }
}

/** The strings of LZW by their codes: each is its parent's string and one symbol more. */
interface Strings {
  readonly parents: Uint16Array;
  readonly symbols: Uint8Array;
  readonly lengths: Uint32Array;
}

/** A cursor over the file that refuses to run past its end. */
export class Reader {
  /** One table for all frames: an animation of thousands of small ones would else leave 28 kB for each to be collected. */
  readonly strings: Strings = {
    parents: new Uint16Array(4096),
    symbols: new Uint8Array(4096),
    lengths: new Uint32Array(4096),
  };
  readonly #bytes: Uint8Array;
  #at = 0;
  #joined = new Uint8Array(0);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.take(1)[0];
  }

  u16(): number {
    const bytes = this.take(2);
    return bytes[0] | (bytes[1] << 8);
  }

  get at(): number {
    return this.#at;
  }

  /** Goes on at an offset that was read before. */
  seek(at: number): void {
    this.#at = at;
  }

  take(count: number): Uint8Array {
    if (count > this.rest) throw this.refuse(`${count} bytes are needed and ${this.rest} are left`);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  skipBlocks(): void {
    for (let size = this.u8(); size > 0; size = this.u8()) this.take(size);
  }

  /** The bytes of all sub-blocks up to the terminator, good until the next call. */
  blocks(): Uint8Array {
    const start = this.#at;
    let length = 0;
    for (let size = this.u8(); size > 0; size = this.u8()) length += this.take(size).length;
    if (this.#joined.length < length) this.#joined = new Uint8Array(length);
    const joined = this.#joined.subarray(0, length);
    let from = start;
    for (let at = 0; at < length; ) {
      const size = this.#bytes[from];
      joined.set(this.#bytes.subarray(from + 1, from + 1 + size), at);
      at += size;
      from += 1 + size;
    }
    return joined;
  }

  refuse(what: string): EngineError {
    return new EngineError(
      "invalid-gif",
      `decodeGif: ${what}, at byte ${this.#at} of ${this.#bytes.length}. The file is damaged or cut off; make it again.`,
      { offset: this.#at, length: this.#bytes.length },
    );
  }
}
