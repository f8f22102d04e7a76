/**
 * The ring through which lanes hand each other the palette indices of a frame, and the counter that hands out frames.
 *
 * ```
 *   control   Int32  [0] next frame to take   [1] first frame that must not be made   [2 + 2l] frame that l took last
 *                    [3 + 2l] 1 once l looks for frames
 *                    last word: when a small picture was taken last, ms
 *   states    Int32  slot s: f + 1 while it holds frame f, −(f + 1) once f has been read, 0 before the first
 *   slots     bytes  slot s = frame mod slots: width · height indices
 * ```
 * A lane publishes its frame, takes the one before, encodes, and releases the one before. The last of these can be late:
 * the others need a frame to be published, not finished, and may run ahead of a lane that was stopped in between. So a
 * slot is written again only when its frame has been released.
 */
import type { AsyncIndexExchange, IndexExchange } from "@volumark/engine";

const NEXT = 0;
const STOP = 1;
const LANES = 2;
/** A waiting lane looks for a stop at least this often, in milliseconds. */
const WAIT_MS = 100;

/** The shared memory; structured-cloneable, for a worker's start data. */
export interface Ring {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly states: Int32Array<SharedArrayBuffer>;
  readonly slots: Uint8Array<SharedArrayBuffer>;
  readonly pixels: number;
}

/** Thrown inside a lane whose frame is no longer wanted. */
export class FrameUnwanted extends Error {
  constructor(frame: number) {
    super(`frame ${frame} is no longer wanted`);
    this.name = "FrameUnwanted";
  }
}

/** A ring for so many lanes; `resetRing` lets it begin. */
export function createRing(lanes: number, pixels: number): Ring {
  const count = lanes + 1;
  const control = new Int32Array(new SharedArrayBuffer(4 * (LANES + 2 * lanes + 1)));
  return {
    control,
    states: new Int32Array(new SharedArrayBuffer(4 * count)),
    slots: new Uint8Array(new SharedArrayBuffer(pixels * count)),
    pixels,
  };
}

/** Begins a pass over `frames` frames. No lane may be at a frame. */
export function resetRing({ control, states }: Ring, frames: number): void {
  for (let slot = 0; slot < states.length; slot++) Atomics.store(states, slot, 0);
  Atomics.store(control, STOP, frames);
  Atomics.store(control, NEXT, 0);
}

/** The next frame for this lane, or null when there is none. */
export function takeFrame(ring: Ring, lane: number): number | null {
  Atomics.store(ring.control, LANES + 2 * lane + 1, 1);
  const frame = Atomics.add(ring.control, NEXT, 1);
  if (frame >= Atomics.load(ring.control, STOP)) return null;
  Atomics.store(ring.control, LANES + 2 * lane, frame);
  return frame;
}

/** From now on small pictures may be taken; the first is due at once. Milliseconds on the clock of all lanes. */
export function beginPictures({ control }: Ring, nowMs: number, everyMs: number): void {
  Atomics.store(control, control.length - 1, (Math.trunc(nowMs) - everyMs) | 0);
}

/** Whether it is time for a small picture, `everyMs` after the last one whichever lane took it; then it is this lane's. */
export function pictureIsDue({ control }: Ring, nowMs: number, everyMs: number): boolean {
  const word = control.length - 1;
  const last = Atomics.load(control, word);
  // Whole milliseconds of 32 bits, which go round after 50 days.
  const now = Math.trunc(nowMs) | 0;
  if (((now - last) | 0) < everyMs) return false;
  return Atomics.compareExchange(control, word, last, now) === last;
}

/** The frame that will be handed out next. */
export function nextFrame(ring: Ring): number {
  return Atomics.load(ring.control, NEXT);
}

/** Whether there are frames that nobody has taken. */
export function hasFrames({ control }: Ring): boolean {
  return Atomics.load(control, NEXT) < Atomics.load(control, STOP);
}

/** Whether this lane has ever looked for a frame. Where it has not after `hasFrames` said no, it has none. */
export function isAwake(ring: Ring, lane: number): boolean {
  return Atomics.load(ring.control, LANES + 2 * lane + 1) === 1;
}

/** The frame that this lane took last: the one it was at when it died. */
export function lastTaken(ring: Ring, lane: number): number {
  return Atomics.load(ring.control, LANES + 2 * lane);
}

/** No frame from `frame` on is made any more; lanes that wait for one give up. */
export function stopAt(ring: Ring, frame: number): void {
  for (;;) {
    const now = Atomics.load(ring.control, STOP);
    if (now <= frame || Atomics.compareExchange(ring.control, STOP, now, frame) === now) break;
  }
  for (let slot = 0; slot < ring.states.length; slot++) Atomics.notify(ring.states, slot);
}

/** The exchange of one lane. `publish` and `take` block its thread until the other lanes are so far. */
export function ringExchange(ring: Ring): IndexExchange {
  const { states } = ring;
  const waitFor = (slot: number, wanted: number, frame: number) => {
    for (let state = wait(ring, slot, wanted, frame); state !== null; state = wait(ring, slot, wanted, frame)) {
      Atomics.wait(states, slot, state, WAIT_MS);
    }
  };
  return {
    publish(frame, indices) {
      waitFor(slotOf(ring, frame), freeState(ring, frame), frame);
      fill(ring, frame, indices);
    },
    take(frame) {
      waitFor(slotOf(ring, frame), frame + 1, frame);
      return view(ring, frame);
    },
    release: (frame) => set(ring, frame, -(frame + 1)),
  };
}

/** The exchange of the coordinating thread: it waits without being blocked, for it hears of a lane that died. */
export function asyncRingExchange(ring: Ring): AsyncIndexExchange {
  const waitFor = async (slot: number, wanted: number, frame: number) => {
    for (let state = wait(ring, slot, wanted, frame); state !== null; state = wait(ring, slot, wanted, frame)) {
      const { async, value } = Atomics.waitAsync(ring.states, slot, state, WAIT_MS);
      if (async) await value;
    }
  };
  return {
    async publish(frame, indices) {
      await waitFor(slotOf(ring, frame), freeState(ring, frame), frame);
      fill(ring, frame, indices);
    },
    async take(frame) {
      await waitFor(slotOf(ring, frame), frame + 1, frame);
      return view(ring, frame);
    },
    release: (frame) => set(ring, frame, -(frame + 1)),
  };
}

function slotOf({ states }: Ring, frame: number): number {
  return frame % states.length;
}

/** The state in which the slot of this frame may be written: the frame that was in it has been read. */
function freeState({ states }: Ring, frame: number): number {
  const occupant = frame - states.length;
  return occupant < 0 ? 0 : -(occupant + 1);
}

function view({ slots, states, pixels }: Ring, frame: number): Uint8Array {
  const slot = frame % states.length;
  return slots.subarray(slot * pixels, (slot + 1) * pixels);
}

function set({ states }: Ring, frame: number, state: number): void {
  const slot = frame % states.length;
  Atomics.store(states, slot, state);
  Atomics.notify(states, slot);
}

function fill(ring: Ring, frame: number, indices: Uint8Array): void {
  view(ring, frame).set(indices);
  set(ring, frame, frame + 1);
}

/** Null when the slot is in the wanted state, else the state to wait on. Throws for a frame that is no longer wanted. */
function wait({ states, control }: Ring, slot: number, wanted: number, frame: number): number | null {
  const state = Atomics.load(states, slot);
  if (state === wanted) return null;
  if (frame >= Atomics.load(control, STOP)) throw new FrameUnwanted(frame);
  return state;
}
