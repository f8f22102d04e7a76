/**
 * Takes a record apart while its bytes arrive: the animation on one side, the rest of the text on the other.
 *
 * A record holds its GIF twice, as base64 and as integers, which are nine tenths of a large file. Parsed as they stand, 42 MB
 * of GIF in a file of 200 MB would be an array of 340 MB; here they become bytes at once, and what is left for `JSON.parse` is
 * small. Only the two keys at the top level are taken out; everything else is copied as it is, right or wrong, so that whoever
 * parses it says what is wrong.
 *
 * ```
 *   {"gif_data":"R0lG…","gif_bytestream":[71,73,…],"fps":30,…}   becomes   {"gif_data":"","gif_bytestream":[],"fps":30,…}
 * ```
 */
export interface ScannedRecord {
  /** JSON without the animation. */
  readonly text: string;
  /** From `gif_data`; null where there was none that is a string. */
  readonly base64: Uint8Array<ArrayBuffer> | null;
  /** From `gif_bytestream`; null where there was none that is an array. */
  readonly integers: Uint8Array<ArrayBuffer> | null;
  /** What is wrong with either, a sentence; null where nothing is. */
  readonly fault: string | null;
}

export interface ScanLimits {
  /** Bytes of text without the animation, and of the animation. */
  readonly text: number;
  readonly gif: number;
}

/** More than the file's size may be: the text is kept, and a byte of it costs about 5 when it is parsed. */
export const SCAN_LIMITS: ScanLimits = { text: 160e6, gif: 400e6 };

const [QUOTE, BACKSLASH, COLON, COMMA, ZERO, NINE] = [0x22, 0x5c, 0x3a, 0x2c, 0x30, 0x39];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const LONGEST_KEY = 16;

/** 0-63; 64: "="; 255: no base64. */
const SIXES = new Uint8Array(256).fill(255);
for (const [i, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="].entries())
  SIXES[letter.charCodeAt(0)] = i;

type Mode = "copy" | "base64" | "integers";

export class RecordScanner {
  readonly #limits: ScanLimits;
  readonly #text: GrowingBytes;
  #base64: GrowingBytes | null = null;
  #integers: GrowingBytes | null = null;
  #fault: string | null = null;

  #mode: Mode = "copy";
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** At the top level: whether the next string is a key, and the letters of the one that is read. */
  #expectsKey = false;
  #readsKey = false;
  #key = "";
  /** A colon came: the next value is that of the key. */
  #awaitsValue = false;
  /** Base64: bits that are no whole byte yet. Integers: the number so far, −1 between two. */
  #bits = 0;
  #held = 0;
  #ended = false;
  #number = -1;

  constructor(limits: ScanLimits = SCAN_LIMITS) {
    this.#limits = limits;
    this.#text = new GrowingBytes(1 << 16);
  }

  /** Bytes that are held so far. */
  get heldBytes(): number {
    return this.#text.capacity + (this.#base64?.capacity ?? 0) + (this.#integers?.capacity ?? 0);
  }

  /** Takes the next bytes. Throws `RangeError` where a limit is passed. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#mode === "copy") at = this.#copy(chunk, at);
      else if (this.#mode === "base64") at = this.#readBase64(chunk, at);
      else at = this.#readIntegers(chunk, at);
      this.#check();
    }
  }

  end(): ScannedRecord {
    const fault = this.#fault ?? (this.#held > 0 && this.#bits !== 0 ? "gif_data ends in the middle of a byte" : null);
    return {
      text: new TextDecoder().decode(this.#text.bytes()),
      base64: this.#base64?.bytes() ?? null,
      integers: this.#integers?.bytes() ?? null,
      fault,
    };
  }

  #check(): void {
    const gif = Math.max(this.#base64?.length ?? 0, this.#integers?.length ?? 0);
    if (this.#text.length > this.#limits.text) throw tooMuch("text beside the animation", this.#limits.text);
    if (gif > this.#limits.gif) throw tooMuch("animation", this.#limits.gif);
  }

  /** Copies up to the animation or the end of the chunk; returns where it stopped. */
  #copy(chunk: Uint8Array, from: number): number {
    let begin = from;
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inString = false;
          this.#readsKey = false;
          continue;
        }
        if (this.#readsKey && this.#key.length < LONGEST_KEY) this.#key += String.fromCharCode(byte);
        continue;
      }
      if (byte <= 0x20) continue;
      if (this.#awaitsValue) {
        this.#awaitsValue = false;
        const mode = byte === QUOTE && this.#key === "gif_data" ? "base64" : null;
        const next = mode ?? (byte === OPEN_BRACKET && this.#key === "gif_bytestream" ? "integers" : null);
        if (next) {
          // The opening letter is copied, the closing one is written at the end of the value.
          this.#text.append(chunk.subarray(begin, i + 1));
          this.#enter(next);
          return i + 1;
        }
      }
      if (byte === QUOTE) {
        this.#inString = true;
        if (this.#depth === 1 && this.#expectsKey) {
          this.#readsKey = true;
          this.#expectsKey = false;
          this.#key = "";
        }
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.#depth++ === 0) this.#expectsKey = byte === OPEN_BRACE;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#depth--;
      else if (byte === COMMA && this.#depth === 1) this.#expectsKey = true;
      else if (byte === COLON && this.#depth === 1) this.#awaitsValue = true;
      // Text that is kept grows by at most a chunk between two looks at the limit.
      if (i - begin > 1 << 20) {
        this.#text.append(chunk.subarray(begin, i + 1));
        begin = i + 1;
        this.#check();
      }
    }
    this.#text.append(chunk.subarray(begin));
    return chunk.length;
  }

  #enter(mode: "base64" | "integers"): void {
    this.#mode = mode;
    if (mode === "base64") {
      this.#base64 = new GrowingBytes(1 << 16);
      [this.#bits, this.#held, this.#ended] = [0, 0, false];
    } else {
      this.#integers = new GrowingBytes(1 << 16);
      this.#number = -1;
    }
  }

  #leave(letter: number): void {
    this.#text.push(letter);
    this.#mode = "copy";
  }

  #readBase64(chunk: Uint8Array, from: number): number {
    const target = this.#base64!;
    target.reserve(chunk.length - from);
    let bits = this.#bits;
    let held = this.#held;
    let i = from;
    for (; i < chunk.length; i++) {
      const byte = chunk[i]!;
      const six = SIXES[byte]!;
      if (six < 64 && !this.#ended) {
        bits = (bits << 6) | six;
        held += 6;
        if (held >= 8) {
          held -= 8;
          target.push((bits >> held) & 255);
          bits &= (1 << held) - 1;
        }
      } else if (six === 64) this.#ended = true;
      else if (byte === QUOTE) {
        this.#leave(QUOTE);
        i++;
        break;
      }
      // Some programs write "/" as "\/".
      else if (byte !== BACKSLASH) this.#fault ??= "gif_data holds something that is not base64";
    }
    this.#bits = bits;
    this.#held = held;
    return i;
  }

  #readIntegers(chunk: Uint8Array, from: number): number {
    const target = this.#integers!;
    target.reserve(((chunk.length - from) >> 1) + 1);
    let number = this.#number;
    let i = from;
    for (; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte >= ZERO && byte <= NINE) {
        number = (number < 0 ? 0 : number * 10) + byte - ZERO;
        if (number > 255) {
          this.#fault ??= "gif_bytestream holds a number above 255";
          number = 255;
        }
      } else if (byte === COMMA || byte === CLOSE_BRACKET) {
        if (number >= 0) target.push(number);
        else if (byte === COMMA) this.#fault ??= "gif_bytestream has a comma without a number before it";
        number = -1;
        if (byte === CLOSE_BRACKET) {
          this.#leave(CLOSE_BRACKET);
          i++;
          break;
        }
      } else if (byte > 0x20) this.#fault ??= "gif_bytestream holds something that is not a whole number from 0 to 255";
    }
    this.#number = number;
    return i;
  }
}

function tooMuch(what: string, limit: number): RangeError {
  return new RangeError(`it has more than ${Math.round(limit / 1e6)} MB of ${what}`);
}

/** Bytes whose number is not known beforehand; memory doubles. */
class GrowingBytes {
  #bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const longer = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + more));
    longer.set(this.#bytes.subarray(0, this.length));
    this.#bytes = longer;
  }

  push(byte: number): void {
    if (this.length === this.#bytes.length) this.reserve(1);
    this.#bytes[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }
}
