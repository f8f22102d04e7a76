import { describe, expect, test } from "vitest";
import { createRing, FrameUnwanted, lastTaken, nextFrame, ringExchange, stopAt, takeFrame } from "./ring.ts";

describe("frames are handed out once, in order", () => {
  test("each frame goes to one lane and the last is followed by null", () => {
    const ring = createRing(2, 3, 4);
    expect([takeFrame(ring, 0), takeFrame(ring, 1), takeFrame(ring, 0), takeFrame(ring, 1)]).toEqual([0, 1, 2, null]);
    expect([lastTaken(ring, 0), lastTaken(ring, 1)]).toEqual([2, 1]);
  });

  test("no frame from the stop on is handed out, and a later stop does not undo an earlier one", () => {
    const ring = createRing(1, 10, 1);
    stopAt(ring, 2);
    stopAt(ring, 5);
    expect([takeFrame(ring, 0), takeFrame(ring, 0), takeFrame(ring, 0)]).toEqual([0, 1, null]);
    expect(nextFrame(ring)).toBe(3);
  });
});

describe("indices travel from frame to frame", () => {
  test("what was published is what is taken, for more frames than there are slots", () => {
    const ring = createRing(2, 20, 3);
    const exchange = ringExchange(ring);
    for (let frame = 0; frame < 20; frame++) {
      exchange.publish(frame, Uint8Array.of(frame, 1, 2));
      expect([...exchange.take(frame)]).toEqual([frame, 1, 2]);
      exchange.release(frame);
    }
  });

  test("a slot is not written again before its frame has been read, however far another lane is ahead", () => {
    const ring = createRing(2, 20, 1);
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
    const ring = createRing(2, 20, 3);
    stopAt(ring, 4);
    expect(() => ringExchange(ring).take(4)).toThrow(FrameUnwanted);
  });
});
