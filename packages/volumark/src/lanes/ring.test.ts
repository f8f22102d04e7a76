import { describe, expect, test } from "vitest";
import {
  asyncRingExchange,
  createRing,
  FrameUnwanted,
  hasFrames,
  isAwake,
  lastTaken,
  nextFrame,
  resetRing,
  ringExchange,
  stopAt,
  takeFrame,
} from "./ring.ts";

function ringFor(lanes: number, frames: number, pixels: number) {
  const ring = createRing(lanes, pixels);
  resetRing(ring, frames);
  return ring;
}

describe("frames are handed out once, in order", () => {
  test("each frame goes to one lane and the last is followed by null", () => {
    const ring = ringFor(2, 3, 4);
    expect([takeFrame(ring, 0), takeFrame(ring, 1), takeFrame(ring, 0), takeFrame(ring, 1)]).toEqual([0, 1, 2, null]);
    expect([lastTaken(ring, 0), lastTaken(ring, 1)]).toEqual([2, 1]);
  });

  test("no frame from the stop on is handed out, and a later stop does not undo an earlier one", () => {
    const ring = ringFor(1, 10, 1);
    stopAt(ring, 2);
    stopAt(ring, 5);
    expect([takeFrame(ring, 0), takeFrame(ring, 0), takeFrame(ring, 0)]).toEqual([0, 1, null]);
    expect(nextFrame(ring)).toBe(3);
  });
});

describe("indices travel from frame to frame", () => {
  test("what was published is what is taken, for more frames than there are slots", () => {
    const ring = ringFor(2, 20, 3);
    const exchange = ringExchange(ring);
    for (let frame = 0; frame < 20; frame++) {
      exchange.publish(frame, Uint8Array.of(frame, 1, 2));
      expect([...exchange.take(frame)]).toEqual([frame, 1, 2]);
      exchange.release(frame);
    }
  });

  test("a slot is not written again before its frame has been read, however far another lane is ahead", () => {
    const ring = ringFor(2, 20, 1);
    const [slow, fast] = [ringExchange(ring), ringExchange(ring)];
    fast.publish(0, Uint8Array.of(10));
    slow.publish(1, Uint8Array.of(11));
    fast.publish(2, Uint8Array.of(12));
    expect([...fast.take(1)]).toEqual([11]);
    fast.release(1);
    // The slow lane has published 1 but not yet read 0; frame 3 would go into the slot of 0.
    stopAt(ring, 3);
    expect(() => fast.publish(3, Uint8Array.of(13))).toThrow(FrameUnwanted);
    expect([...slow.take(0)]).toEqual([10]);
  });

  test("taking a frame that will not be made ends instead of waiting for ever", () => {
    const ring = ringFor(2, 20, 3);
    stopAt(ring, 4);
    expect(() => ringExchange(ring).take(4)).toThrow(FrameUnwanted);
  });

  test("the waits of the coordinating thread leave it free, and end with the frame or with the stop", async () => {
    const ring = ringFor(1, 20, 1);
    const [lane, free] = [ringExchange(ring), asyncRingExchange(ring)];
    const taken = free.take(0);
    lane.publish(0, Uint8Array.of(7));
    expect([...(await taken)]).toEqual([7]);
    await free.publish(1, Uint8Array.of(8));
    const blocked = free.publish(2, Uint8Array.of(9));
    free.release(0);
    await blocked;
    expect([...lane.take(2)]).toEqual([9]);
    const never = Promise.resolve(free.take(5));
    const refused = expect(never).rejects.toThrow(FrameUnwanted);
    stopAt(ring, 3);
    await refused;
  });
});

describe("passes", () => {
  test("begin with every frame to be taken and no slot in use", () => {
    const ring = ringFor(1, 2, 1);
    const exchange = ringExchange(ring);
    for (let frame = takeFrame(ring, 0); frame !== null; frame = takeFrame(ring, 0))
      exchange.publish(frame, Uint8Array.of(frame));
    expect(hasFrames(ring)).toBe(false);
    resetRing(ring, 2);
    expect(hasFrames(ring)).toBe(true);
    exchange.publish(0, Uint8Array.of(5));
    expect([takeFrame(ring, 0), [...exchange.take(0)]]).toEqual([0, [5]]);
  });

  test("know for good which lanes have ever looked for a frame", () => {
    const ring = ringFor(2, 3, 1);
    takeFrame(ring, 1);
    resetRing(ring, 3);
    expect([isAwake(ring, 0), isAwake(ring, 1)]).toEqual([false, true]);
  });
});
