/**
 * One linear memory for all kernels, handed out by a bump allocator.
 *
 * The kernels of every room import the same memory, so what one room leaves there (bricks, a mesh, a picture)
 * the next one reads in place. Allocation is a pointer that moves up; a frame marks where it began and releases
 * everything at once. Growing the memory detaches every view made before, so nothing keeps a view across an
 * `allocate`: rooms keep pointers and make views when they read.
 *
 * ```
 * 0          64 KiB     128 KiB    192 KiB    256 KiB …
 * ├ hash ────┼ surface ─┼ picture ─┼ gif ─────┼ arena: persistent ▸ mark ▸ frame ▸ top
 *             static data of each kernel module
 * ```
 */
import { EngineError } from "../errors.ts";

const PAGE_BYTES = 65536;
/** First byte that the allocator hands out; below it live the static data of the kernel modules. */
export const ARENA_BASE = 4 * PAGE_BYTES;
/** WebAssembly's own limit with 32-bit addresses: 65 536 pages of 64 KiB. */
export const ARENA_LIMIT_BYTES = 65536 * PAGE_BYTES;

/** Bump allocator over one WebAssembly memory. Pointers are byte offsets, aligned to 16. */
export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly limitBytes: number;
  #top = ARENA_BASE;
  #peak = ARENA_BASE;

  /** @param limitBytes most bytes this memory may grow to, 256 KiB to 4 GiB */
  constructor(limitBytes: number = ARENA_LIMIT_BYTES) {
    this.limitBytes = Math.min(limitBytes, ARENA_LIMIT_BYTES);
    this.memory = new WebAssembly.Memory({ initial: ARENA_BASE / PAGE_BYTES + 4, maximum: 65536 });
  }

  /** Bytes in use at the highest point so far, static data included. */
  get peakBytes(): number {
    return this.#peak;
  }

  /**
   * Reserves `byteLength` bytes and returns their byte offset, a multiple of 16. The bytes hold whatever was there.
   * Detaches every earlier view when the memory has to grow. Throws `out-of-memory` with both figures.
   */
  allocate(byteLength: number): number {
    const pointer = this.#top;
    const top = pointer + Math.ceil(byteLength / 16) * 16;
    if (top > this.memory.buffer.byteLength) this.#grow(top);
    this.#top = top;
    if (top > this.#peak) this.#peak = top;
    return pointer;
  }

  /** The current top, to be given to `release` later. */
  mark(): number {
    return this.#top;
  }

  /** Forgets everything allocated since `mark` was taken. */
  release(mark: number): void {
    this.#top = mark;
  }

  /** Whether `view` lies in this memory, so that a kernel can read it in place at its `byteOffset`. */
  holds(view: ArrayBufferView): boolean {
    return view.buffer === this.memory.buffer;
  }

  u8(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }
  u32(pointer: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer, pointer, length);
  }
  i32(pointer: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.memory.buffer, pointer, length);
  }
  f32(pointer: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, pointer, length);
  }
  f64(pointer: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.memory.buffer, pointer, length);
  }

  #grow(top: number): void {
    const have = this.memory.buffer.byteLength;
    const refuse = (cause?: unknown) =>
      new EngineError(
        "out-of-memory",
        `allocate: ${top} bytes are needed and ${this.limitBytes} are the limit. Lower the dimension or the resolution.`,
        { neededBytes: top, limitBytes: this.limitBytes },
        cause,
      );
    if (top > this.limitBytes) throw refuse();
    // Grow by a quarter at least, so that a growing animation settles after a few frames.
    const wanted = Math.min(Math.max(top, have + have / 4), this.limitBytes);
    try {
      this.memory.grow(Math.ceil((wanted - have) / PAGE_BYTES));
    } catch (error) {
      throw refuse(error);
    }
  }
}
