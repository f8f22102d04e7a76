/**
 * The ring through which lanes hand each other the palette indices of a frame, and the counter that hands out frames.
 *
 * ```
 *   control   Int32  [0] next frame to take   [1] first frame that must not be made   [2 + l] frame that l took last
 *   states    Int32  slot s: f + 1 while it holds frame f, −(f + 1) once f has been read, 0 before the first
 *   slots     bytes  slot s = frame mod slots: width · height indices
 * ```
 * A lane publishes its frame, takes the one before, encodes, and releases the one before. The last of these can be late:
 * the others need a frame to be published, not finished, and may run ahead of a lane that was stopped in between. So a
 * slot is written again only when its frame has been released.
 */
import type { IndexExchange } from "@volumark/engine";

const NEXT = 0;
const STOP = 1;
const TAKEN = 2;
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

export function createRing(lanes: number, frames: number, pixels: number): Ring {
  const count = lanes + 1;
  // One more than there are lanes: the coordinating thread takes the first frames.
  const control = new Int32Array(new SharedArrayBuffer(4 * (TAKEN + lanes + 1)));
  control[STOP] = frames;
  return {
    control,
    states: new Int32Array(new SharedArrayBuffer(4 * count)),
    slots: new Uint8Array(new SharedArrayBuffer(pixels * count)),
    pixels,
  };
}

/** The next frame for this lane, or null when there is none. */
export function takeFrame(ring: Ring, lane: number): number | null {
  const frame = Atomics.add(ring.control, NEXT, 1);
  if (frame >= Atomics.load(ring.control, STOP)) return null;
  Atomics.store(ring.control, TAKEN + lane, frame);
  return frame;
}

/** The frame that will be handed out next. */
export function nextFrame(ring: Ring): number {
  return Atomics.load(ring.control, NEXT);
}

/** The frame that this lane took last: the one it was at when it died. */
export function lastTaken(ring: Ring, lane: number): number {
  return Atomics.load(ring.control, TAKEN + lane);
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
  const { states, slots, pixels, control } = ring;
  const count = states.length;
  const view = (slot: number) => slots.subarray(slot * pixels, (slot + 1) * pixels);
  const set = (slot: number, state: number) => {
    Atomics.store(states, slot, state);
    Atomics.notify(states, slot);
  };
  const waitFor = (slot: number, wanted: number, frame: number) => {
    for (let state = Atomics.load(states, slot); state !== wanted; state = Atomics.load(states, slot)) {
      if (frame >= Atomics.load(control, STOP)) throw new FrameUnwanted(frame);
      Atomics.wait(states, slot, state, WAIT_MS);
    }
  };
  return {
    publish(frame, indices) {
      const slot = frame % count;
      const occupant = frame - count;
      waitFor(slot, occupant < 0 ? 0 : -(occupant + 1), frame);
      view(slot).set(indices);
      set(slot, frame + 1);
    },
    take(frame) {
      const slot = frame % count;
      waitFor(slot, frame + 1, frame);
      return view(slot);
    },
    release(frame) {
      set(frame % count, -(frame + 1));
    },
  };
}
