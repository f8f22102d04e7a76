/**
 * Hands the palette indices of a frame to the lane that makes the next one, by message.
 *
 * Shared memory would save a copy of one byte a pixel, but a page has it only where it is isolated from all others; ports work
 * everywhere. Lanes take turns, so that a lane can be at most one round ahead of its neighbour and a port holds at most two
 * pictures.
 */
import type { AsyncIndexExchange } from "@volumark/engine";

/** To the lane after this one; the part of a `MessagePort` that is needed. */
export interface IndexTarget {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
}

interface Handed {
  readonly frame: number;
  readonly indices: Uint8Array;
}

export interface PortExchange extends AsyncIndexExchange {
  /**
   * Begins a pass. Nothing is left of the one before it, and what has arrived is of this one: a neighbour may have begun
   * earlier.
   */
  begin(frames: number): void;
}

/** `hear` calls back with what the lane before this one posts. */
export function portExchange(toNext: IndexTarget, hear: (back: (message: unknown) => void) => void): PortExchange {
  const arrived = new Map<number, Uint8Array>();
  let last = 0;
  let waiting: { readonly frame: number; readonly resolve: (indices: Uint8Array) => void } | null = null;
  hear((message) => {
    const { frame, indices } = message as Handed;
    if (waiting?.frame === frame) {
      const { resolve } = waiting;
      waiting = null;
      resolve(indices);
    } else arrived.set(frame, indices);
  });
  return {
    begin(frames) {
      last = frames - 1;
    },
    publish(frame, indices) {
      if (frame === last) return;
      const copy = indices.slice();
      toNext.postMessage({ frame, indices: copy } satisfies Handed, [copy.buffer]);
    },
    take(frame) {
      const found = arrived.get(frame);
      if (found) {
        arrived.delete(frame);
        return found;
      }
      return new Promise((resolve) => {
        waiting = { frame, resolve };
      });
    },
    release() {},
  };
}
