/**
 * The GIF on its way to the disk: what the lanes make goes into the temporary file while they make the next, and can be
 * read again from the start once it is complete.
 *
 * ```
 *   0            base                      written            length
 *   |  in the file  |  in pages and in the file  |  in pages only  |
 * ```
 * Pages are let go of once they are written, but only in a GIF of more than `keepBytes`: a short one is never read back.
 * Memory is bounded by `keepBytes` or `waitingBytes`, whichever is more, and two pages.
 *
 * When the disk is full, nothing is lost: what was written is read from the file, which stays open although it has no name
 * any more, and what follows stays in memory, however much that is.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { ByteSource } from "@volumark/measure";
import { systemErrorCode } from "./system-error.ts";
import {
  discardTemporary,
  FileWriteError,
  nameTemporary,
  nameTemporaryNow,
  openTemporary,
  type WriteFault,
  writeSome,
} from "./whole-file.ts";

export interface GifSpoolOptions {
  /** A GIF of at most so many bytes stays in memory as well. */
  readonly keepBytes: number;
  /** One write takes at most this much. */
  readonly pageBytes: number;
  /** Bytes that wait longer than this are written though they don't fill a page; milliseconds. */
  readonly gatherMs: number;
  /** More than this is not taken while the disk is behind. */
  readonly waitingBytes: number;
  readonly fault: WriteFault | null;
}

export const GIF_SPOOL_DEFAULTS: GifSpoolOptions = {
  keepBytes: 8 * 1024 ** 2,
  pageBytes: 256 * 1024,
  gatherMs: 50,
  waitingBytes: 4 * 1024 ** 2,
  fault: null,
};

/** The GIF can't be read back: what is missing, and where. */
export class GifReadError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "GifReadError";
  }
}

/** The GIF as it came to be stored. */
export interface StoredGif {
  readonly bytes: number;
  /** Why it is not whole; null where it is. */
  readonly failure: FileWriteError | null;
}

/** The last byte of a GIF. */
const TRAILER = 0x3b;

/** Bytes `start` to `start + used` of the GIF. */
interface Page {
  readonly bytes: Uint8Array;
  readonly start: number;
  used: number;
}

export class GifSpool implements ByteSource {
  readonly #path: string;
  readonly #temporaryPath: string;
  readonly #options: GifSpoolOptions;
  #hash = createHash("sha256");
  readonly #frameLengths: number[] = [];
  #headerLength = 0;
  #length = 0;
  #written = 0;
  /** The trailer is there. */
  #ended = false;
  /** The file is getting its name; it has it. */
  #naming = false;
  #named = false;
  readonly #pages: Page[] = [];
  /** The memory of a page that was let go of. */
  #spare: Uint8Array | null = null;
  #handle: FileHandle | null = null;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failure: FileWriteError | null = null;
  /** The same file for reading; undefined until it is needed, null where it can't be had and so all is kept. */
  #readable: number | null | undefined;
  /** Whoever waits until the disk has caught up. */
  #wake: (() => void) | null = null;

  constructor(path: string, temporaryPath: string, options: Partial<GifSpoolOptions> = {}) {
    this.#path = path;
    this.#temporaryPath = temporaryPath;
    this.#options = { ...GIF_SPOOL_DEFAULTS, ...options };
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Frames so far. */
  get frames(): number {
    return this.#frameLengths.length;
  }

  /** Takes what stands before the first frame. */
  begin(header: Uint8Array): void {
    this.#headerLength = header.length;
    this.#take(header);
  }

  /** Takes a frame. A promise means that the disk is behind: the next frame should wait for it. Never fails. */
  add(frame: Uint8Array): Promise<void> | null {
    this.#frameLengths.push(frame.length);
    this.#take(frame);
    const behind = () => this.#failure === null && this.#length - this.#written > this.#options.waitingBytes;
    if (!behind()) return null;
    return new Promise((resolve) => {
      this.#wake = () => {
        if (behind()) return;
        this.#wake = null;
        resolve();
      };
    });
  }

  /** Takes the trailer; nothing comes after it. */
  end(trailer: Uint8Array): void {
    this.#take(trailer);
    this.#ended = true;
  }

  /** SHA-256 of all bytes; asked for once, after the end. */
  digest(): string {
    return this.#hash.digest("hex");
  }

  /**
   * Writes what is left and gives the file its name. Where the disk is full and `room` is given, the GIF is cut after as many
   * frames as fit together with what `room` says that so many frames and bytes need besides, and is from then on that GIF;
   * `failure` says why. Throws `FileWriteError` otherwise, and where not one frame fits; then there is no file under either name, and the GIF can still be
   * read here.
   */
  async store(room?: (frames: number, bytes: number) => number): Promise<StoredGif> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#writing;
    while (this.#written < this.#length && !this.#failure) await this.#write();
    try {
      if (this.#failure) {
        if (!room || !(await this.#salvage(room))) throw this.#failure;
        return { bytes: this.#length, failure: this.#failure };
      }
      const handle = this.#handle;
      this.#handle = null;
      await handle?.close();
      this.#naming = true;
      await nameTemporary(this.#temporaryPath, this.#path);
      this.#named = true;
      return { bytes: this.#length, failure: null };
    } catch (error) {
      // The first failure is the one to tell; closing a handle on a full disk may fail again with the same reason.
      await this.#handle?.close().catch(() => undefined);
      this.#handle = null;
      await discardTemporary(this.#temporaryPath);
      throw error instanceof FileWriteError ? error : new FileWriteError(this.#path, this.#written, error);
    }
  }

  /** Cuts the GIF to what the file holds of it, and gives the file its name. False where that is not one frame. */
  async #salvage(room: (frames: number, bytes: number) => number): Promise<boolean> {
    const handle = this.#handle;
    if (!handle || !this.#ended || systemErrorCode(this.#failure?.cause) !== "ENOSPC") return false;
    let frames = 0;
    let end = this.#headerLength;
    const fits = (count: number, bytes: number) =>
      bytes <= this.#written && bytes + room(count, bytes) <= this.#written;
    while (frames < this.frames && fits(frames + 1, end + this.#frameLengths[frames]! + 1)) {
      end += this.#frameLengths[frames++]!;
    }
    if (frames === 0) return false;
    // The trailer goes where bytes were already, for which no room is needed.
    await handle.write(Uint8Array.of(TRAILER), 0, 1, end);
    await handle.truncate(end + 1);
    await handle.close();
    this.#handle = null;
    this.#naming = true;
    await nameTemporary(this.#temporaryPath, this.#path);
    this.#named = true;
    this.#cut(frames, end + 1);
    return true;
  }

  /** From now on this is the GIF of so many frames and bytes, which is what its file holds. */
  #cut(frames: number, length: number): void {
    this.#frameLengths.length = frames;
    while (this.#pages.length > 0 && this.#pages.at(-1)!.start >= length) this.#pages.pop();
    const last = this.#pages.at(-1);
    if (last) {
      last.used = length - last.start;
      last.bytes[last.used - 1] = TRAILER;
    }
    this.#length = length;
    this.#written = length;
    this.#hash = createHash("sha256");
    for (const chunk of this.chunks()) this.#hash.update(chunk);
  }

  /**
   * Ends the GIF here and gives its file the name, without waiting: for a process that ends now, in the middle of whatever
   * it does. Returns whether the file is there. What is being written meanwhile are the same bytes at the same place.
   */
  storeNow(trailer: Uint8Array): boolean {
    if (this.#named) return true;
    const { fault } = this.#options;
    const opening = this.#writing !== null && this.#handle === null;
    if (this.#failure || opening || (fault && this.#length > fault.afterBytes)) return false;
    try {
      if (!this.#ended) this.#append(trailer);
      const file = openSync(this.#temporaryPath, this.#written > 0 ? "r+" : "w");
      for (const { bytes, start, used } of this.#pages) {
        for (let at = Math.max(start, this.#written); at < start + used; ) {
          at += writeSync(file, bytes, at - start, start + used - at, at);
        }
      }
      closeSync(file);
      nameTemporaryNow(this.#temporaryPath, this.#path);
      return true;
    } catch {
      // The file has just got its name; or, whatever else it is, the temporary file is removed and the caller says so.
      return this.#naming;
    }
  }

  *chunks(): Generator<Uint8Array> {
    const base = this.#base;
    const buffer = new Uint8Array(Math.min(base, this.#options.pageBytes));
    for (let at = 0; at < base; at += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, base - at));
      this.#readFile(at, chunk);
      yield chunk;
    }
    for (const { bytes, used } of this.#pages) yield bytes.subarray(0, used);
  }

  /**
   * GIFs of a few frames each that together are this one: the header, frames `first` to `first + count`, the trailer. At
   * least one frame, then as many as `most` allows, which is asked with their number and bytes. Good until the next one.
   */
  *parts(
    most: (count: number, bytes: number) => boolean,
  ): Generator<{ first: number; count: number; bytes: Uint8Array }> {
    const lengths = this.#frameLengths;
    let at = this.#headerLength;
    let bytes = new Uint8Array(0);
    for (let first = 0, count = 0; first < lengths.length; first += count) {
      let size = lengths[first]!;
      count = 1;
      for (let next = lengths[first + count]; next !== undefined && most(count + 1, size + next); ) {
        size += next;
        next = lengths[first + ++count];
      }
      const whole = this.#headerLength + size + 1;
      if (bytes.length < whole) {
        bytes = new Uint8Array(whole);
        this.#read(0, bytes.subarray(0, this.#headerLength));
      }
      this.#read(at, bytes.subarray(this.#headerLength, whole - 1));
      this.#read(this.#length - 1, bytes.subarray(whole - 1, whole));
      yield { first, count, bytes: bytes.subarray(0, whole) };
      at += size;
    }
  }

  /** Lets go of the file; it can't be read here any more. */
  close(): void {
    if (typeof this.#readable === "number") closeSync(this.#readable);
    this.#readable = null;
  }

  /** Where the pages begin. */
  get #base(): number {
    return this.#pages[0]?.start ?? this.#length;
  }

  #take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#append(bytes);
    if (this.#writing || this.#failure) return;
    const { pageBytes, gatherMs } = this.#options;
    if (this.#length - this.#written >= pageBytes) void this.#write();
    else this.#timer ??= setTimeout(() => void this.#write(), gatherMs).unref();
  }

  #append(bytes: Uint8Array): void {
    const { pageBytes } = this.#options;
    for (let from = 0; from < bytes.length; ) {
      let page = this.#pages.at(-1);
      if (!page || page.used === page.bytes.length) {
        page = { bytes: this.#spare ?? Buffer.allocUnsafeSlow(pageBytes), start: this.#length, used: 0 };
        this.#spare = null;
        this.#pages.push(page);
      }
      const count = Math.min(bytes.length - from, page.bytes.length - page.used);
      page.bytes.set(bytes.subarray(from, from + count), page.used);
      page.used += count;
      this.#length += count;
      from += count;
    }
  }

  /** Writes until nothing waits any more. One at a time; never rejects. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    try {
      this.#handle ??= await openTemporary(this.#temporaryPath);
      while (this.#written < this.#length) {
        const page = this.#pages.find(({ start, used }) => this.#written < start + used)!;
        const waiting = page.bytes.subarray(this.#written - page.start, page.used);
        this.#written += await writeSome(this.#handle, waiting, this.#written, this.#options.fault);
        this.#letGo();
        this.#wake?.();
      }
    } catch (error) {
      this.#failure = new FileWriteError(this.#path, this.#written, error);
    }
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wake?.();
  }

  /** Lets go of full pages that are in the file, where the GIF is long. */
  #letGo(): void {
    if (this.#length <= this.#options.keepBytes || this.#readable === null) return;
    if (this.#readable === undefined) {
      try {
        this.#readable = openSync(this.#temporaryPath, "r");
      } catch {
        // A file that may be written but not read, or no descriptor left: memory has to hold all of it.
        this.#readable = null;
        return;
      }
    }
    while (this.#pages.length > 1 && this.#pages[0]!.start + this.#pages[0]!.used <= this.#written) {
      this.#spare = this.#pages.shift()!.bytes;
    }
  }

  /** Fills `into` with the bytes from `at` on. */
  #read(at: number, into: Uint8Array): void {
    const fromFile = Math.min(into.length, Math.max(0, this.#base - at));
    if (fromFile > 0) this.#readFile(at, into.subarray(0, fromFile));
    let done = fromFile;
    for (const { bytes, start, used } of this.#pages) {
      if (done === into.length) return;
      const offset = at + done - start;
      if (offset < 0 || offset >= used) continue;
      const count = Math.min(into.length - done, used - offset);
      into.set(bytes.subarray(offset, offset + count), done);
      done += count;
    }
  }

  #readFile(at: number, into: Uint8Array): void {
    if (typeof this.#readable !== "number") throw new GifReadError(`read ${this.#path}: it is closed already`);
    for (let done = 0; done < into.length; ) {
      let count: number;
      try {
        count = readSync(this.#readable, into, done, into.length - done, at + done);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new GifReadError(`read ${this.#path}: ${reason}, at byte ${at + done} of ${this.#length}`, error);
      }
      if (count === 0) {
        throw new GifReadError(
          `read ${this.#path}: it ends at byte ${at + done} of ${this.#length}; another program has cut it off`,
        );
      }
      done += count;
    }
  }
}
